import { digamma } from './digamma.js';

/**
 * The expectation of the closed-form `kl_reg` (nats) over batches of N(0, I): what a perfectly healthy batch of
 * this size shows. ½(D ln(N/2) − Σ_{i=1..D} ψ((N−i)/2)), exact for N > D; null for N ≤ D, where ε decides.
 * `klRegNull(256, 192)` is 52.7.
 */
export function klRegNull(rows: number, dims: number): number | null {
  if (rows <= dims) return null;
  const logHalf = Math.log(rows / 2);
  let sum = 0;
  for (let i = 1; i <= dims; i++) sum += logHalf - digamma((rows - i) / 2);
  return sum / 2;
}

/** More rows than any batch has; past it the sum over dimensions is rounding noise. */
const MAX_ROWS = 2 ** 40;

/**
 * The smallest number of rows at which `klRegNull(rows, dims)` is below `bound` > 0; null where that takes more than
 * 2^40 rows.
 */
export function rowsForKlRegNull(dims: number, bound: number): number | null {
  const isEnough = (rows: number) => (klRegNull(rows, dims) ?? Number.POSITIVE_INFINITY) < bound;
  let high = dims + 1;
  while (!isEnough(high)) {
    high *= 2;
    if (high > MAX_ROWS) return null;
  }
  let low = Math.max(dims, Math.floor(high / 2));
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
