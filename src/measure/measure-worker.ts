import { parentPort, workerData } from 'node:worker_threads';
import { ArrayPool } from '#formats/shared/pool.js';
import { StepMeasurer } from './measure-step.js';
import { TURN_MS, type WorkerTask } from './measure-together.js';
import { nodeMeasureIo } from './node-io.js';
import { packed, type WorkerResult } from './packed-results.js';
import { unpackedSteps } from './packed-steps.js';

/** A thread that takes steps of one run until none is left. An entry of the bundle of its own. */
async function serve({ steps, options, cwd, next, ...task }: WorkerTask): Promise<void> {
  const run = { ...task.run, steps: unpackedSteps(steps) };
  const counter = new Int32Array(next);
  const measurer = new StepMeasurer(run, options, nodeMeasureIo(cwd, options), new ArrayPool());
  let results: WorkerResult[] = [];
  let posted = performance.now();
  for (let i = Atomics.add(counter, 0, 1); i < run.steps.length; i = Atomics.add(counter, 0, 1)) {
    results.push([i, await measurer.measure(i)]);
    if (performance.now() - posted < TURN_MS) continue;
    parentPort?.postMessage(packed(results, options.metrics));
    results = [];
    posted = performance.now();
  }
  parentPort?.postMessage(packed(results, options.metrics));
  measurer.close();
}

// What it throws reaches the main thread as the worker's error.
void serve(workerData as WorkerTask);
