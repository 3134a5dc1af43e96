import type { Centre, ColumnSurvey, DoubledMatrix, SymmetricMatrix, Tridiagonal } from './kernels.js';

/** Copies `x` [rows, cols] as float64 less `centre`; returns `x` itself where that changes nothing. */
export function centredCopy(
  x: Float32Array | Float64Array,
  rows: number,
  cols: number,
  centre: Centre | undefined,
): Float64Array {
  if (centre === undefined) return x instanceof Float64Array ? x : Float64Array.from(x);
  const { mean, residual } = centre;
  const out = new Float64Array(rows * cols);
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, k++) out[k] = x[k]! - mean[j]! - residual[j]!;
  }
  return out;
}

/** Copies [rows, cols] as [cols, rows]. */
export function transpose(x: Float64Array, rows: number, cols: number): Float64Array {
  const out = new Float64Array(x.length);
  const tile = 16;
  for (let i0 = 0; i0 < rows; i0 += tile) {
    const iEnd = Math.min(i0 + tile, rows);
    for (let j = 0; j < cols; j++) for (let i = i0; i < iEnd; i++) out[j * rows + i] = x[i * cols + j]!;
  }
  return out;
}

/** Computes column means [cols] of `rows` rows: `first`, which the sums are differences from, plus their mean. */
export function meansFrom(
  first: Float32Array | Float64Array,
  rows: number,
  { sums }: Pick<ColumnSurvey, 'sums'>,
): Float64Array {
  // A loop: what arrays have for it calls a function for each number and makes an object of what that returns.
  const means = new Float64Array(sums.length);
  for (let j = 0; j < means.length; j++) means[j] = first[j]! + sums[j]! / rows;
  return means;
}

type Reducible = SymmetricMatrix | DoubledMatrix;

/** How many rows the matrix has that `Kernels.tridiagonalsOf` reduces. */
export function orderOf(matrix: Reducible | undefined, n: number): number {
  if (matrix === undefined) return n;
  if ('lower' in matrix) return 2 * n;
  return matrix.border === undefined ? n : n + 1;
}

/** A view of so few numbers takes longer to make than they take to copy. */
const FEW = 64;

/** Copies `count` numbers of `from`, from `start` on, to `to`, from `at` on. */
export function copyNumbers(
  from: Float64Array,
  start: number,
  count: number,
  to: Float64Array,
  at: number,
): void {
  if (count > FEW) to.set(from.subarray(start, start + count), at);
  else for (let k = 0; k < count; k++) to[at + k] = from[start + k]!;
}

/** Writes its row `i` up to the diagonal, not scaled, to `to` from `at` on; a border is its first row, or the last. */
export function copyRow(
  matrix: Reducible,
  n: number,
  i: number,
  to: Float64Array,
  at: number,
  borderIsLast = false,
): void {
  if ('lower' in matrix) {
    to.fill(0, at, at + i + 1);
    if (i >= n) copyNumbers(matrix.lower, (i - n) * n, i - n + 1, to, at);
    return;
  }
  const { data, border } = matrix;
  if (border === undefined || (borderIsLast && i < n)) copyNumbers(data, i * n, i + 1, to, at);
  else if (borderIsLast) {
    copyNumbers(border, 0, border.length, to, at);
    to[at + n] = 0;
  } else if (i === 0) to[at] = 0;
  else {
    to[at] = border[i - 1]!;
    copyNumbers(data, (i - 1) * n, i, to, at + 1);
  }
}

/** The matrix with that diagonal and off-diagonal, of which nothing is larger than what it was reduced from. */
export function tridiagonal(diagonal: Float64Array, off: Float64Array): Tridiagonal {
  let size = 0;
  for (const entries of [diagonal, off]) for (const x of entries) size = Math.max(size, Math.abs(x));
  return { diagonal, off, size };
}
