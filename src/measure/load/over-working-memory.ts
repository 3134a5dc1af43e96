import { type InputRef, partsOf } from '#discovery/names/step-ref.js';
import { InputError } from '#errors.js';
import type { RowRange } from '#formats/shared/define-format.js';
import type { FileCache } from './file-cache.js';
import { rowsOfEntries } from './rows-of-entries.js';
import { type MatrixSize, SLACK, type Takes, workingMemory } from './working-memory.js';

/**
 * Makes the E220, with the budget that would do, for matrices whose measuring takes more than `maxMemory` allows, or of which
 * reading one takes `reading` bytes.
 */
export function overWorkingMemory(
  sizes: readonly MatrixSize[],
  maxMemory: number,
  takes?: Takes,
  reading = 0,
): InputError {
  const needed = Math.max(reading, workingMemory(sizes, takes) - SLACK);
  const shapes = sizes.map(({ rows, cols }) => `${rows}×${cols}`).join(' and ');
  return new InputError('E220', `measuring ${shapes} takes ${needed} bytes; the budget is ${maxMemory}`, {
    hint: `pass --max-memory ${Math.ceil(needed / 2 ** 20)}MiB, or save fewer rows or dimensions`,
    fields: { needed, budget: maxMemory },
  });
}

/** Counts what reading an input takes at once, at most, pages and buffers included; where `together` what is only read so. */
export async function bytesToRead(input: InputRef, files: FileCache, together = false): Promise<number> {
  let most = 0;
  for (const { path, key, rows } of partsOf(input)) {
    const file = await files.open(path);
    if (file.bytesToRead === undefined) continue;
    const array = file.arrays.find((one) => one.key === key);
    const whole = rows === null ? undefined : await rowsOfEntries(file, key, rows);
    const reads: (readonly RowRange[] | undefined)[] = together
      ? (array?.together ?? []).map((range) => [range])
      : [whole];
    try {
      for (const ranges of reads) most = Math.max(most, await file.bytesToRead(key, ranges));
    } catch (error) {
      throw error instanceof InputError ? error.at(path) : error;
    }
  }
  return most;
}
