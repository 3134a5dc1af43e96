import type { Embedding } from './embedding.js';
import type { Matrix } from './matrix.js';
import type { RowFold } from './row-fold.js';

export interface ColumnRange {
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/**
 * The smallest and largest value of each column, [cols] each; every value is finite. Of 0 and -0 the first counts.
 * Four rows at a time, so that the extremes so far are read once for four values.
 */
export function columnRange({ data, rows, cols }: Matrix): ColumnRange {
  const min = Float64Array.from(data.subarray(0, cols));
  const max = Float64Array.from(min);
  let i = 1;
  for (; i + 4 <= rows; i += 4) widenByFour(data, i * cols, min, max);
  for (; i < rows; i++) widen(data, i * cols, min, max);
  return { min, max };
}

function widenByFour(data: Matrix['data'], from: number, min: Float64Array, max: Float64Array): void {
  const cols = min.length;
  for (let j = 0, k = from; j < cols; j++, k++) {
    let low = min[j]!;
    let high = max[j]!;
    const a = data[k]!;
    const b = data[k + cols]!;
    const c = data[k + 2 * cols]!;
    const d = data[k + 3 * cols]!;
    if (a < low) low = a;
    if (a > high) high = a;
    if (b < low) low = b;
    if (b > high) high = b;
    if (c < low) low = c;
    if (c > high) high = c;
    if (d < low) low = d;
    if (d > high) high = d;
    min[j] = low;
    max[j] = high;
  }
}

function widen(data: Matrix['data'], from: number, min: Float64Array, max: Float64Array): void {
  for (let j = 0, k = from; j < min.length; j++, k++) {
    const x = data[k]!;
    if (x < min[j]!) min[j] = x;
    if (x > max[j]!) max[j] = x;
  }
}

export const COLUMN_RANGE: RowFold<Embedding, ColumnRange> = {
  part: ({ matrix }) => columnRange(matrix),
  join: (a, b) => ({
    min: a.min.map((x, j) => (b.min[j]! < x ? b.min[j]! : x)),
    max: a.max.map((x, j) => (b.max[j]! > x ? b.max[j]! : x)),
  }),
};
