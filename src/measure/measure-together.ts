import { Worker } from 'node:worker_threads';
import type { ArrayPool } from '#formats/shared/pool.js';
import type { MeasurePlan } from '#plan.js';
import { type MeasuredRun, type MeasuredStep, type StepIo, StepMeasurer } from './measure-step.js';
import type { StepWorker } from './measure-steps.js';
import { type PackedResults, unpacked } from './packed-results.js';
import { type PackedSteps, packedSteps } from './packed-steps.js';

/** What a worker starts with. */
export interface WorkerTask {
  readonly run: Omit<MeasuredRun, 'steps'>;
  readonly steps: readonly PackedSteps[];
  readonly options: MeasurePlan;
  readonly cwd: string;
  /** One counter: the index of the first step that no thread has taken. */
  readonly next: SharedArrayBuffer;
}

/** Small steps, which take far less, are handed over together. */
export const TURN_MS = 10;

/** Products of a step whose kernels take less time than all that is done for it besides. */
const SMALL_PRODUCTS = 2 ** 21;
/** By then most of the code that small steps run is compiled. */
const WARM_MS = 2000;
/** Small steps that are left must take so long: each thread compiles the same code again, for half a second or more. */
const REPAID_MS = 5000;

/** Every step of a run in order, by this thread and `helpers` others, once these are worth starting. */
export async function* measureTogether(
  run: MeasuredRun,
  options: MeasurePlan,
  io: StepIo,
  pool: ArrayPool,
  { url, cwd, startsAtOnce = false }: StepWorker,
  helpers: number,
): AsyncGenerator<MeasuredStep> {
  const total = run.steps.length;
  const next = new Int32Array(new SharedArrayBuffer(4));
  const done = new Map<number, MeasuredStep>();
  const failures: Error[] = [];
  let wake = () => {};
  let workers: readonly Worker[] = [];
  const start = () => {
    if (workers.length > 0) return;
    const { steps, ...others } = run;
    const workerData: WorkerTask = {
      ...{ run: others, steps: packedSteps(steps), options },
      ...{ cwd, next: next.buffer as SharedArrayBuffer },
    };
    // What a step leaves behind is small beside its arrays, which lie elsewhere; more would only be memory.
    const resourceLimits = { maxYoungGenerationSizeMb: 8 };
    workers = Array.from({ length: helpers }, () => new Worker(url, { workerData, resourceLimits }));
    for (const helper of workers) {
      helper.on('message', (results: PackedResults) => {
        for (const [index, measured] of unpacked(results, options.metrics, measurer.fingerprint))
          done.set(index, measured);
        wake();
      });
      helper.on('error', (error: Error) => {
        failures.push(error);
        wake();
      });
    }
  };
  const expectStep = (rows: number, cols: number) => {
    if (rows * cols * Math.min(rows, cols) >= SMALL_PRODUCTS) start();
  };
  // Steps are taken whole: the kernels of each thread work alone.
  const measurer = new StepMeasurer(run, options, { ...io, expectStep }, pool);
  if (startsAtOnce) start();
  const began = performance.now();
  let turned = began;
  let turnedAt = 0;
  try {
    for (let emitted = 0; emitted < total; ) {
      const index = Atomics.add(next, 0, 1);
      const arrived = new Promise<void>((resolve) => {
        wake = resolve;
      });
      if (index < total) {
        done.set(index, await measurer.measure(index));
        const now = performance.now();
        if (now - turned >= TURN_MS) {
          const left = ((now - turned) / (index + 1 - turnedAt)) * (total - index);
          if (now - began >= WARM_MS && left >= REPAID_MS) start();
          await new Promise(setImmediate);
          turned = performance.now();
          turnedAt = index + 1;
        }
      } else if (!done.has(emitted) && failures.length === 0) await arrived;
      if (failures[0] !== undefined) throw failures[0];
      for (let measured = done.get(emitted); measured !== undefined; measured = done.get(emitted)) {
        done.delete(emitted++);
        yield measured;
      }
    }
  } finally {
    Atomics.store(next, 0, total);
    measurer.close();
    await Promise.all(workers.map((helper) => helper.terminate()));
  }
}
