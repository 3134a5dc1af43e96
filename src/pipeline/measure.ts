import { createBatch, type KlReg } from '../core/batch.js';
import { discoverRuns } from '../discovery/discover.js';
import type { InputRef, RunRef, StepRef } from '../discovery/step-ref.js';
import { showPath } from '../discovery/tree-path.js';
import { CollapseError, InputError, NoDataError } from '../errors.js';
import { computeMetrics, METRICS } from '../metrics/index.js';
import type { Fingerprint, MeasureRecord, StepRecord } from '../report/record.js';
import { toReportError } from '../report/report-error.js';
import { blame } from './blame.js';
import { FileCache, type OpenFile } from './file-cache.js';
import { readKlReg } from './kl-sidecar.js';
import { loadStep } from './load-step.js';
import type { MeasureOptions } from './measure-options.js';

/** The world as `measure` sees it: a file tree, a way to open arrays, and one to read a small text. */
export interface MeasureIo {
  readonly tree: Parameters<typeof discoverRuns>[1];
  readonly openFile: OpenFile;
  readonly readText: (path: string) => string;
  readonly onProgress?: (progress: Progress) => void;
  /** For --verbose: what was looked at and left out. */
  readonly onIgnored?: (path: string, reason: string) => void;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly run: string;
  readonly step: number | null;
}

/**
 * Measures every step under the paths: one record a step in the order of runs and steps, an error record for each
 * input that cannot be read (and E301 for a run without steps), a summary last. Only one step's arrays are in
 * memory at a time.
 */
export async function* measure(options: MeasureOptions, io: MeasureIo): AsyncGenerator<MeasureRecord> {
  const found = await discoverRuns(options, io.tree);
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
  options: MeasureOptions,
  io: MeasureIo,
): AsyncGenerator<StepOutcome> {
  for (const error of found.errors) yield { type: 'error', ...toReportError(error) };
  for (const run of found.runs) {
    for (const { path, reason } of run.ignored) io.onIgnored?.(path, reason);
    for (const message of run.warnings) yield { type: 'warning', run: run.run, message };
    for (const error of run.errors) yield { type: 'error', ...toReportError(error, run.run) };
    yield* measureRun(run, options, io);
    if (run.steps.length === 0 && run.errors.length === 0) {
      yield { type: 'error', ...toReportError(noSteps(run, options), run.run) };
    }
  }
}

function noSteps(run: RunRef, options: MeasureOptions): NoDataError {
  const filtered = options.steps !== undefined || options.last !== undefined;
  return filtered
    ? new NoDataError('E301', 'no steps left after --steps and --last', {
        path: run.run,
        hint: 'widen the range',
      })
    : new NoDataError('E301', 'no steps found', { path: run.run });
}

type StepOutcome = MeasureRecord & { type: 'step' | 'error' | 'warning' };

async function* measureRun(run: RunRef, options: MeasureOptions, io: MeasureIo): AsyncGenerator<StepOutcome> {
  const warnings: StepOutcome[] = [];
  const files = new FileCache(run.steps, io.openFile, options.maxMemory, (path, message) => {
    warnings.push({ type: 'warning', run: run.run, path, message });
  });
  const width = new WidthCheck();
  try {
    for (const ref of run.steps) {
      let outcome: StepOutcome;
      try {
        outcome = await measureStep(run.run, ref, files, width, options, io);
      } catch (error) {
        if (!(error instanceof CollapseError)) throw error;
        outcome = { type: 'error', ...toReportError(error, run.run) };
      }
      yield* warnings.splice(0);
      yield outcome;
    }
  } finally {
    files.close();
  }
}

async function measureStep(
  run: string,
  ref: StepRef,
  files: FileCache,
  width: WidthCheck,
  options: MeasureOptions,
  io: MeasureIo,
): Promise<StepRecord> {
  const readKl = options.klReg === 'auto' ? (input: InputRef) => readKlReg(input, files, io.readText) : null;
  const wantsContext = options.metrics.some((id) => 'needsContext' in METRICS[id]);
  const loaded = await loadStep(ref, files, { readKl, wantsContext });
  const { klReg, source } = chooseKlReg(options.klReg, loaded.klReg);
  try {
    const { rows, cols } = loaded.prediction;
    const batch = createBatch({
      prediction: loaded.prediction,
      target: loaded.target,
      context: loaded.context,
      klReg,
      klFrom: options.klFrom,
    });
    width.verify(ref, cols);
    const { metrics, unavailable } = computeMetrics(batch, options.metrics);
    return {
      type: 'step',
      schemaVersion: 1,
      run,
      step: ref.step,
      rows,
      dims: cols,
      inputs: { ...loaded.inputs },
      metrics,
      klRegSource: metrics.kl_reg === null || metrics.kl_reg === undefined ? null : source,
      unavailable,
      estimates: {},
      notes: [...loaded.notes],
      fingerprint: fingerprintOf(options),
    };
  } catch (error) {
    throw error instanceof InputError ? blame(error, ref, loaded) : error;
  }
}

function chooseKlReg(
  asked: MeasureOptions['klReg'],
  sidecar: number | null,
): { klReg: KlReg; source: StepRecord['klRegSource'] } {
  if (typeof asked === 'number') return { klReg: asked, source: 'supplied' };
  if (asked === 'none') return { klReg: null, source: null };
  if (asked === 'auto' && sidecar !== null) return { klReg: sidecar, source: 'supplied' };
  return { klReg: 'computed', source: 'computed' };
}

/** Throws E217 at the first step whose width is not the run's, naming both files. */
class WidthCheck {
  #first: { readonly dims: number; readonly path: string } | undefined;

  verify(ref: StepRef, dims: number): void {
    const path = ref.inputs.prediction?.path ?? '';
    this.#first ??= { dims, path };
    if (dims === this.#first.dims) return;
    throw new InputError(
      'E217',
      `${dims} dimensions here, ${this.#first.dims} in ${showPath(this.#first.path)} of the same run`,
      { path, step: ref.step, fields: { expected: this.#first.dims, actual: dims, first: this.#first.path } },
    );
  }
}

function fingerprintOf({ metrics, klReg, klFrom, noMask }: MeasureOptions): Fingerprint {
  const source = typeof klReg === 'number' ? 'supplied' : klReg;
  return {
    metrics: [...metrics],
    klReg: source,
    klFrom,
    pairwise: 'exact',
    seed: 0,
    ...(noMask ? { mask: 'none' as const } : {}),
  };
}
