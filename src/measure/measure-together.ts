import { Worker } from 'node:worker_threads';
import type { ArrayPool } from '#formats/shared/pool.js';
import type { MeasurePlan } from '#plan.js';
import { type MeasuredRun, type MeasuredStep, type StepIo, StepMeasurer } from './measure-step.js';
import type { ThreadedIo } from './measure-steps.js';
import { type PackedResults, unpacked } from './packed-results.js';

/** What a worker starts with. */
export interface WorkerTask {
  readonly run: MeasuredRun;
  readonly options: MeasurePlan;
  readonly cwd: string;
  /** One counter: the index of the first step that no thread has taken. */
  readonly next: SharedArrayBuffer;
}

/** Small steps, which take far less, are handed over together. */
export const TURN_MS = 10;

/** Every step of a run in order, by this thread and `helpers` others. */
export async function* measureTogether(
  run: MeasuredRun,
  options: MeasurePlan,
  io: StepIo,
  pool: ArrayPool,
  { url, cwd }: NonNullable<ThreadedIo['stepWorker']>,
  helpers: number,
): AsyncGenerator<MeasuredStep> {
  const total = run.steps.length;
  const next = new Int32Array(new SharedArrayBuffer(4));
  const done = new Map<number, MeasuredStep>();
  const failures: Error[] = [];
  let wake = () => {};
  const workerData: WorkerTask = { run, options, cwd, next: next.buffer as SharedArrayBuffer };
  // What a step leaves behind is small beside its arrays, which lie elsewhere; more would only be memory.
  const resourceLimits = { maxYoungGenerationSizeMb: 8 };
  const workers = Array.from({ length: helpers }, () => new Worker(url, { workerData, resourceLimits }));
  for (const helper of workers) {
    helper.on('message', (results: PackedResults) => {
      for (const [index, measured] of unpacked(results, options.metrics)) done.set(index, measured);
      wake();
    });
    helper.on('error', (error: Error) => {
      failures.push(error);
      wake();
    });
  }
  // Steps are taken whole: the kernels of each thread work alone.
  const measurer = new StepMeasurer(run, options, io, pool);
  let turned = performance.now();
  try {
    for (let emitted = 0; emitted < total; ) {
      const index = Atomics.add(next, 0, 1);
      const arrived = new Promise<void>((resolve) => {
        wake = resolve;
      });
      if (index < total) {
        done.set(index, await measurer.measure(index));
        if (performance.now() - turned >= TURN_MS) {
          await new Promise(setImmediate);
          turned = performance.now();
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
