import type { StepRef } from '#discovery/names/step-ref.js';
import { InputError } from '#errors.js';
import { ArrayPool } from '#formats/shared/pool.js';
import type { MeasurePlan } from '#plan.js';
import { FileCache } from './load/file-cache.js';
import { type MatrixSize, SLACK, workingMemory } from './load/working-memory.js';
import type { MeasuredRun, StepIo } from './measure-step.js';

/** The engine of a thread, and what it keeps. */
const THREAD_BYTES = 2 ** 24;

/** How many threads may each have a step of the run in memory; the first, the last and one between stand for all. */
export async function threadsWithin(
  { steps }: MeasuredRun,
  { maxMemory }: MeasurePlan,
  { openFile }: Pick<StepIo, 'openFile'>,
): Promise<number> {
  const files = new FileCache(new Set(), openFile, { maxMemory, pool: new ArrayPool() }, () => {});
  const some = [steps[0], steps[Math.floor(steps.length / 2)], steps.at(-1)];
  let most = 0;
  try {
    for (const step of some) most = Math.max(most, step === undefined ? 0 : await bytesOf(step, files));
  } finally {
    files.close();
  }
  return Math.max(1, Math.floor((maxMemory + SLACK) / (most + THREAD_BYTES)));
}

/** 0 for a step whose files do not say it. */
async function bytesOf(
  { inputs: { prediction, target, context } }: StepRef,
  files: FileCache,
): Promise<number> {
  const sizes: MatrixSize[] = [];
  try {
    for (const input of [prediction, target, context]) {
      const size = input === undefined ? null : await files.sizeOf(input);
      if (size !== null && size.cols !== null) sizes.push({ ...size, cols: size.cols });
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  return workingMemory(sizes, { pairs: true });
}
