import { parentPort, workerData } from 'node:worker_threads';
import { ArrayPool } from '#formats/shared/pool.js';
import { StepMeasurer } from './measure-step.js';
import type { WorkerResult, WorkerTask } from './measure-steps.js';
import { nodeMeasureIo } from './node-io.js';

/** A thread that takes steps of one run until none is left. An entry of the bundle of its own. */
async function serve({ run, options, cwd, next }: WorkerTask): Promise<void> {
  const counter = new Int32Array(next);
  const measurer = new StepMeasurer(run, options, nodeMeasureIo(cwd, options), new ArrayPool());
  for (let i = Atomics.add(counter, 0, 1); i < run.steps.length; i = Atomics.add(counter, 0, 1)) {
    const result: WorkerResult = [i, await measurer.measure(i)];
    parentPort?.postMessage(result);
  }
  measurer.close();
}

// What it throws reaches the main thread as the worker's error.
void serve(workerData as WorkerTask);
