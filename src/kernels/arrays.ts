import type { Centre, ColumnSurvey } from './kernels.js';

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
