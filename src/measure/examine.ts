import { discoverRuns } from '#discovery/discover.js';
import type { RunRef } from '#discovery/names/step-ref.js';
import { CollapseError, InputError, NoDataError } from '#errors.js';
import { ArrayPool } from '#formats/shared/pool.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import type { MeasurePlan } from '#plan.js';
import type { Examination, ExaminedRun, ExaminedStep } from '#report/examination.js';
import { toReportError } from '#report/report-error.js';
import { FileCache } from './load/file-cache.js';
import { loadStep } from './load/load-step.js';
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
  const files = new FileCache(run.steps, io.openFile, { maxMemory, pool }, (path, message) =>
    warnings.push(`${path}: ${message}`),
  );
  try {
    for (const ref of run.steps) {
      try {
        const { prediction, target, inputs, owned } = await loadStep(ref, files, {
          readKl: null,
          wantsContext: true,
        });
        steps.push({ step: ref.step, inputs, rows: prediction.rows, dims: prediction.cols });
        const at = (role: string) => ({ path: inputs[role]?.path ?? '', step: ref.step });
        for (const [role, matrix] of Object.entries({ prediction, target })) {
          const problem = matrix === null ? null : nonFinite(matrix, role, at(role));
          if (problem !== null) problems.push(problem);
        }
        for (const array of owned) pool.giveBack(array);
        if (target !== null && (prediction.rows !== target.rows || prediction.cols !== target.cols)) {
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

/** Returns an error that counts the values that are NaN or Inf; null where there are none. */
function nonFinite(
  { data, cols }: Matrix,
  role: string,
  at: { path: string; step: number | null },
): InputError | null {
  let count = 0;
  let first = -1;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    if (first < 0) first = i;
    count++;
  }
  if (count === 0) return null;
  const place = `row ${Math.floor(first / cols)}, column ${first % cols}`;
  const message = `${role} has ${count} of ${data.length} values that are NaN or Inf, the first at ${place}`;
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
