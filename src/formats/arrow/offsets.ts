import { readNumeric } from '../shared/read-numeric.js';
import type { PlainBuffer } from './buffers.js';
import { damaged } from './damaged.js';

const WINDOW = 2 ** 16;

export interface ListOffsets extends PlainBuffer {
  readonly type: 'int32' | 'int64';
  /** Length of the child the offsets point into. */
  readonly childLength: number;
}

/**
 * Checks the lists `[start, end)` of a List or LargeList: each must have as many values as the first, or as
 * `width` where that is given. Returns where the child's values of the first list begin, and the width.
 * `ragged(row, actual, expected)` is thrown for the first list that differs; E204 for offsets out of range.
 */
export function readUniformOffsets(
  offsets: ListOffsets,
  [start, end]: readonly [number, number],
  width: number | null,
  ragged: (row: number, actual: number, expected: number) => Error,
): { first: number; width: number } {
  const size = offsets.type === 'int32' ? 4 : 8;
  if ((end + 1) * size > offsets.length) {
    throw damaged(`a list column has ${offsets.length} bytes of offsets and needs ${(end + 1) * size}`);
  }
  const window = new Float64Array(Math.min(WINDOW, end - start) + 1);
  let expected = width;
  let first = 0;
  for (let row = start; row < end; row += WINDOW) {
    const count = Math.min(WINDOW, end - row);
    const run = { type: offsets.type, position: offsets.start + row * size, count: count + 1 };
    readNumeric(offsets.source, run, window, 0, (i) => `list offset ${row + i}`);
    if (row === start) first = window[0] as number;
    for (let i = 0; i < count; i++) {
      const [from, to] = [window[i] as number, window[i + 1] as number];
      if (!(from >= 0 && to >= from && to <= offsets.childLength)) {
        throw damaged(`list ${row + i} spans values ${from} to ${to} of ${offsets.childLength}`);
      }
      expected ??= to - from;
      if (to - from !== expected) throw ragged(row + i, to - from, expected);
    }
  }
  return { first, width: expected ?? 0 };
}
