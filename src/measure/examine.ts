import { discoverRuns } from '#discovery/discover.js';
import type { RunRef } from '#discovery/names/step-ref.js';
import { CollapseError, InputError, NoDataError } from '#errors.js';
import { ArrayPool } from '#formats/shared/pool.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import type { MeasurePlan } from '#plan.js';
import type { Examination, ExaminedRun, ExaminedStep } from '#report/examination.js';
import { toReportError } from '#report/report-error.js';
import { FileCache, pathsInSeveralSteps } from './load/file-cache.js';
import { type LoadedStep, openStep, type StreamedStep } from './load/load-step.js';
import type { MeasureIo } from './measure.js';

/** Reads every array once and reports all that is wrong with each step, where `measure` stops at a step's first problem. */
export async function examine(
  options: MeasurePlan,
  io: Pick<MeasureIo, 'tree' | 'openFile'>,
): Promise<Examination> {
  const found = await discoverRuns(options, io.tree);
  const runs: ExaminedRun[] = [];
  const pool = new ArrayPool();
  for (const run of found.runs) runs.push(await examineRun(run, options.maxMemory, io, pool));
  return { runs, problems: found.errors.map((error) => toReportError(error)) };
}

async function examineRun(
  run: RunRef,
  maxMemory: number,
  io: Pick<MeasureIo, 'openFile'>,
  pool: ArrayPool,
): Promise<ExaminedRun> {
  const problems: CollapseError[] = [...run.errors];
  const warnings = [...run.warnings];
  const steps: ExaminedStep[] = [];
  const several = pathsInSeveralSteps(run.steps);
  const files = new FileCache(several, io.openFile, { maxMemory, pool }, (path, message) =>
    warnings.push(`${path}: ${message}`),
  );
  try {
    for (const ref of run.steps) {
      try {
        const loaded = await openStep(ref, files, {
          readKl: null,
          wantsContext: true,
          takes: { nothing: true },
        });
        const { inputs } = loaded;
        const [prediction, target] = [shapeOf(loaded, 'prediction')!, shapeOf(loaded, 'target')];
        steps.push({ step: ref.step, inputs, rows: prediction.rows, dims: prediction.cols });
        const at = (role: string) => ({ path: inputs[role]?.path ?? '', step: ref.step });
        const isPair = target !== null && prediction.rows === target.rows && prediction.cols === target.cols;
        // Blocks are of the same rows of both.
        for (const role of target === null || isPair || !('stream' in loaded) ? SIDES : []) {
          const problem = await nonFinite(blocksOf(loaded, role), role, at(role));
          if (problem !== null) problems.push(problem);
        }
        if ('owned' in loaded) for (const array of loaded.owned) pool.giveBack(array);
        if (target !== null && !isPair) {
          const sizes = `${prediction.rows}×${prediction.cols} and ${target.rows}×${target.cols}`;
          problems.push(new InputError('E214', `prediction and target are ${sizes}`, at('prediction')));
        }
      } catch (error) {
        if (!(error instanceof CollapseError)) throw error;
        problems.push(error);
      }
    }
  } finally {
    files.close();
  }
  for (const problem of widthChanges(steps)) problems.push(problem);
  if (steps.length === 0 && problems.length === 0) problems.push(new NoDataError('E301', 'no steps found'));
  return {
    run: run.run,
    steps,
    problems: problems.map((error) => toReportError(error)),
    warnings,
    ignored: run.ignored,
  };
}

const SIDES = ['prediction', 'target'] as const;

function shapeOf(
  loaded: LoadedStep | StreamedStep,
  role: (typeof SIDES)[number],
): Pick<Matrix, 'rows' | 'cols'> | null {
  return 'stream' in loaded ? loaded.stream.shapeOf(role) : loaded[role];
}

async function* blocksOf(
  loaded: LoadedStep | StreamedStep,
  role: (typeof SIDES)[number],
): AsyncGenerator<Matrix> {
  if ('stream' in loaded) yield* loaded.stream.rowsOf(role);
  else if (loaded[role] !== null) yield loaded[role];
}

/** Returns an error that counts the values that are NaN or Inf; null where there are none. */
async function nonFinite(
  blocks: AsyncIterable<Matrix>,
  role: string,
  at: { path: string; step: number | null },
): Promise<InputError | null> {
  let [count, values] = [0, 0];
  let place = '';
  for await (const { data, cols } of blocks) {
    for (let i = 0; i < data.length; i++) {
      if (Number.isFinite(data[i])) continue;
      if (count === 0) place = `row ${Math.floor((values + i) / cols)}, column ${(values + i) % cols}`;
      count++;
    }
    values += data.length;
  }
  if (count === 0) return null;
  const message = `${role} has ${count} of ${values} values that are NaN or Inf, the first at ${place}`;
  return new InputError('E207', message, at);
}

/** Returns an error for each step whose width is not that of the first, as `measure` would refuse it. */
function widthChanges([first, ...steps]: readonly ExaminedStep[]): InputError[] {
  if (first === undefined) return [];
  return steps
    .filter(({ dims }) => dims !== first.dims)
    .map(({ step, dims, inputs }) => {
      const message = `${dims} dimensions here, ${first.dims} at step ${first.step}`;
      return new InputError('E217', message, { path: inputs.prediction?.path ?? '', step });
    });
}
