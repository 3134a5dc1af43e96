import type { ColumnSurvey } from '../kernels.js';

/** Computes column means [cols] of `rows` rows: `first`, which the sums are differences from, plus their mean. */
export function meansFrom(
  first: Float32Array | Float64Array,
  rows: number,
  { sums }: Pick<ColumnSurvey, 'sums'>,
): Float64Array {
  return sums.map((sum, j) => first[j]! + sum / rows);
}
