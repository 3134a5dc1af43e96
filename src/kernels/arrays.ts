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
  return sums.map((sum, j) => first[j]! + sum / rows);
}

type Reducible = SymmetricMatrix | DoubledMatrix;

/** How many rows the matrix has that `Kernels.tridiagonalsOf` reduces. */
export function orderOf(matrix: Reducible | undefined, n: number): number {
  if (matrix === undefined) return n;
  if ('lower' in matrix) return 2 * n;
  return matrix.border === undefined ? n : n + 1;
}

/** Writes its row `i` up to the diagonal, not scaled, over `to`; a border is its first row, or the last. */
export function copyRow(
  matrix: Reducible,
  n: number,
  i: number,
  to: Float64Array,
  borderIsLast = false,
): void {
  if ('lower' in matrix) {
    to.fill(0, 0, i + 1);
    if (i >= n) to.set(matrix.lower.subarray((i - n) * n, (i - n) * n + i - n + 1));
    return;
  }
  const { data, border } = matrix;
  if (border === undefined || (borderIsLast && i < n)) to.set(data.subarray(i * n, i * n + i + 1));
  else if (borderIsLast) {
    to.set(border);
    to[n] = 0;
  } else if (i === 0) to[0] = 0;
  else {
    to[0] = border[i - 1]!;
    to.set(data.subarray((i - 1) * n, (i - 1) * n + i), 1);
  }
}

/** The matrix with that diagonal and off-diagonal, of which nothing is larger than what it was reduced from. */
export function tridiagonal(diagonal: Float64Array, off: Float64Array): Tridiagonal {
  let size = 0;
  for (const entries of [diagonal, off]) for (const x of entries) size = Math.max(size, Math.abs(x));
  return { diagonal, off, size };
}
