import { type InputRef, partsOf } from '#discovery/names/step-ref.js';
import { InputError } from '#errors.js';
import type { FileCache } from './file-cache.js';

/** Float64 of a factor of a label: as it is read, in order, and in the halves of a probe. */
const COPIES_OF_LABEL = 6;

/** Bytes that the factors of a label take, as its header says; 0 of one value a row, and of what cannot be read. */
export function labelMemory(label: InputRef | undefined, files: FileCache): Promise<number> {
  return orNone(label, async (input) => {
    const size = await files.sizeOf(input);
    return size === null ? 0 : size.rows * ((size.cols ?? 1) - 1) * COPIES_OF_LABEL * 8;
  });
}

/** How many groups the rows have; 0 where that cannot be read. */
export function countGroups(group: InputRef | undefined, files: FileCache): Promise<number> {
  return orNone(group, async (input) => {
    const known = new Set<number>();
    for (const part of partsOf(input))
      for (const value of (await files.readFlat(part)).values) known.add(value);
    return known.size;
  });
}

async function orNone(
  input: InputRef | undefined,
  count: (input: InputRef) => Promise<number>,
): Promise<number> {
  if (input === undefined) return 0;
  try {
    return await count(input);
  } catch (error) {
    if (error instanceof InputError) return 0;
    throw error;
  }
}
