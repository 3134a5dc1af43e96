import type { ArrayPool } from '#formats/shared/pool.js';
import { startKernelThreads } from '#numerics/matrix/kernel-threads.js';
import type { MeasurePlan } from '#plan.js';
import { type MeasuredRun, type MeasuredStep, type StepIo, StepMeasurer } from './measure-step.js';

export interface ThreadedIo extends Omit<StepIo, 'expectStep'> {
  /** To measure with, this one included; 1 unless said. */
  readonly threads?: number;
  /** The built `measure-worker.js` and what it takes relative paths from; without it no other thread takes steps. */
  readonly stepWorker?: StepWorker;
}

export interface StepWorker {
  readonly url: URL;
  readonly cwd: string;
  /** Whether all threads start at once: somebody said how many. Else they start once they are worth it. */
  readonly startsAtOnce?: boolean;
}

/** A worker takes about as long to start as a few small steps take to measure. */
const MIN_STEPS_PER_THREAD = 6;
/** Of the budget: a thread takes some 10 MiB, whatever it does. */
const BYTES_PER_THREAD = 2 ** 26;

/** Every step of a run in order, whoever measured it. */
export async function* measureSteps(
  run: MeasuredRun,
  options: MeasurePlan,
  io: ThreadedIo,
  pool: ArrayPool,
): AsyncGenerator<MeasuredStep> {
  const { stepWorker } = io;
  const threads = Math.min(io.threads ?? 1, 1 + Math.floor(options.maxMemory / BYTES_PER_THREAD));
  let helpers = Math.min(threads - 1, Math.floor(run.steps.length / MIN_STEPS_PER_THREAD) - 1);
  if (stepWorker !== undefined && helpers > 0) {
    const { threadsWithin } = await import('./threads-within.js');
    helpers = Math.min(helpers, (await threadsWithin(run, options, io)) - 1);
  }
  if (stepWorker !== undefined && helpers > 0) {
    const { measureTogether } = await import('./measure-together.js');
    yield* measureTogether(run, options, io, pool, stepWorker, helpers);
    return;
  }
  const expectStep = (rows: number, cols: number) => startKernelThreads(rows, cols, threads);
  const measurer = new StepMeasurer(run, options, { ...io, expectStep }, pool);
  try {
    for (const index of run.steps.keys()) yield await measurer.measure(index);
  } finally {
    measurer.close();
  }
}
