import { discoverRuns } from '#discovery/discover.js';
import type { RunRef, StepRef } from '#discovery/names/step-ref.js';
import { showPath } from '#discovery/names/tree-path.js';
import { arraysIn } from '#discovery/warnings/unread-files.js';
import { InputError, NoDataError } from '#errors.js';
import { ArrayPool } from '#formats/shared/pool.js';
import type { MeasurePlan } from '#plan.js';
import type { ErrorRecord, MeasureRecord, StepRecord } from '#report/record.js';
import { toReportError } from '#report/report-error.js';
import { pathsInSeveralSteps } from './load/file-cache.js';
import { measureSteps, type ThreadedIo } from './measure-steps.js';

/** The world as `measure` sees it: a file tree, a way to open arrays, and one to read a small text. */
export interface MeasureIo extends ThreadedIo {
  readonly tree: Parameters<typeof discoverRuns>[1];
  /** Sees what was found before any of it is measured; what it throws ends the measurement. */
  readonly onFound?: (runs: readonly RunRef[]) => void;
  readonly onProgress?: (progress: Progress) => void;
  /** Steps that are left out, because their records are already there. */
  readonly isKnown?: (run: string, step: StepRef) => boolean;
  /** How wide the steps of a run are that are left out. */
  readonly widthOf?: (run: string) => Width | undefined;
  /** For --verbose: what was looked at and left out. */
  readonly onIgnored?: (path: string, reason: string) => void;
}

export interface Width {
  readonly dims: number;
  /** The file that has it. */
  readonly path: string;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly run: string;
  readonly step: number | null;
}

/**
 * Measures every step under the paths: one record a step in the order of runs and steps, an error record for each
 * input that cannot be read (and E301 for a run without steps), a summary last. Only one step's arrays a thread are
 * in memory at a time, and the records do not depend on the number of threads.
 */
export async function* measure(options: MeasurePlan, io: MeasureIo): AsyncGenerator<MeasureRecord> {
  const found = await discoverRuns(options, io.tree);
  io.onFound?.(found.runs);
  const total = found.runs.reduce((sum, run) => sum + run.steps.length, 0);
  let done = 0;
  let steps = 0;
  let errors = 0;
  for await (const record of records(found, options, io)) {
    yield record;
    if (record.type === 'warning') continue;
    if (record.type === 'step') steps++;
    else errors++;
    if (errors > 0 && options.failFast) break;
    if (record.step !== undefined && record.run !== undefined) {
      done++;
      io.onProgress?.({ done, total, run: record.run, step: record.step });
    }
  }
  yield { type: 'summary', runs: found.runs.length, steps, errors };
}

async function* records(
  found: Awaited<ReturnType<typeof discoverRuns>>,
  options: MeasurePlan,
  io: MeasureIo,
): AsyncGenerator<StepOutcome> {
  const pool = new ArrayPool();
  for (const error of found.errors) yield { type: 'error', ...toReportError(error) };
  for (const run of found.runs) {
    for (const { path, reason } of run.ignored) io.onIgnored?.(path, reason);
    for (const message of run.warnings) yield { type: 'warning', run: run.run, message };
    for (const error of run.errors) yield { type: 'error', ...toReportError(error, run.run) };
    yield* measureRun(run, options, io, pool);
    if (run.steps.length === 0 && run.errors.length === 0) {
      yield { type: 'error', ...toReportError(noSteps(run, options), run.run) };
    }
  }
}

function noSteps(run: RunRef, options: MeasurePlan): NoDataError {
  const filtered = options.steps !== undefined || options.last !== undefined;
  return filtered
    ? new NoDataError('E301', 'no steps left after --steps and --last', {
        path: run.run,
        hint: 'widen the range',
      })
    : new NoDataError('E301', 'no steps found', {
        path: run.run,
        ...(arraysIn(run.ignored).length > 0
          ? {
              hint: 'there are arrays, and no name says what they are: the warning says how to have them measured',
            }
          : {}),
      });
}

/** The records of so many steps are worth making small. */
const LONG = 200;

type StepOutcome = MeasureRecord & { type: 'step' | 'error' | 'warning' };

async function* measureRun(
  run: RunRef,
  options: MeasurePlan,
  io: MeasureIo,
  pool: ArrayPool,
): AsyncGenerator<StepOutcome> {
  const steps = run.steps.filter((step) => !io.isKnown?.(run.run, step));
  const width = new WidthCheck(io.widthOf?.(run.run));
  const reported = new Set<string>();
  const keeper = steps.length < LONG ? null : new (await import('#report/kept-steps.js')).KeptSteps();
  const measured = {
    run: run.run,
    marks: run.marks,
    steps,
    pathsInSeveralSteps: pathsInSeveralSteps(steps),
  };
  for await (const { outcome, warnings } of measureSteps(measured, options, io, pool)) {
    for (const warning of warnings) {
      // Each thread opens a file that several steps share; it is reported once.
      const text = JSON.stringify(warning);
      if (!reported.has(text)) yield warning;
      reported.add(text);
    }
    const verified = outcome.type === 'step' ? width.verify(outcome) : outcome;
    yield keeper !== null && verified.type === 'step' ? keeper.keep(verified) : verified;
  }
}

/** Turns the first step whose width is not the run's, and every later one, into E217 naming both files. */
class WidthCheck {
  #first: Width | undefined;

  constructor(known: Width | undefined) {
    this.#first = known;
  }

  verify(record: StepRecord): StepRecord | ErrorRecord {
    const { run, step, dims } = record;
    const path = record.inputs.prediction?.path ?? '';
    this.#first ??= { dims, path };
    const first = this.#first;
    if (dims === first.dims) return record;
    const error = new InputError(
      'E217',
      `${dims} dimensions here, ${first.dims} in ${showPath(first.path)} of the same run`,
      { path, step, fields: { expected: first.dims, actual: dims, first: first.path } },
    );
    return { type: 'error', ...toReportError(error, run) };
  }
}
