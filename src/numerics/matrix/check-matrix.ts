import { InputError, type NonFinite, nonFiniteText } from '#errors.js';
import type { Matrix } from './matrix.js';

/** Throws `InputError` E208 where a matrix has no rows or no columns. */
export function checkShape(role: string, { rows, cols }: Pick<Matrix, 'rows' | 'cols'>): void {
  if (rows >= 1 && cols >= 1) return;
  throw new InputError('E208', `${role} has ${rows} rows and ${cols} dimensions`, {
    fields: { argument: role, rows, dims: cols },
  });
}

/** Throws `InputError` E207 naming row and column of the first NaN or Inf; the first row given is `firstRow`. */
export function refuseNonFinite(role: string, { data, cols }: Matrix, firstRow = 0): void {
  const at = firstNonFinite(data);
  if (at < 0) return;
  const value = data[at]!;
  const [row, column] = [firstRow + Math.floor(at / cols), at % cols];
  throw new InputError('E207', nonFiniteText, {
    fields: { argument: role, row, column, value: String(value) } satisfies NonFinite,
  });
}

/** Small enough to be looked through again at no cost, large enough that the loop is hot. */
const BLOCK = 4096;

/**
 * The index of the first NaN or Inf; -1 where every value is finite. Blocks are summed, which costs one addition a
 * value: a sum that is finite had only finite terms. One that is not is looked through, as it may have overflowed.
 */
export function firstNonFinite(data: Float32Array | Float64Array): number {
  for (let start = 0; start < data.length; start += BLOCK) {
    const end = Math.min(start + BLOCK, data.length);
    const sum = sumOfBlock(data, start, end);
    if (sum - sum === 0) continue;
    for (let k = start; k < end; k++) if (!Number.isFinite(data[k])) return k;
  }
  return -1;
}

/** Four sums, so that an addition need not wait for the one before it. */
function sumOfBlock(data: Float32Array | Float64Array, start: number, end: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let k = start;
  for (; k + 4 <= end; k += 4) {
    a += data[k]!;
    b += data[k + 1]!;
    c += data[k + 2]!;
    d += data[k + 3]!;
  }
  for (; k < end; k++) a += data[k]!;
  return a + b + c + d;
}
