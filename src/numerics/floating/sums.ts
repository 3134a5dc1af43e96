import { RunningSum } from './running-sum.js';

/** A sum of squares in this range has lost nothing to over- or underflow that a float64 could show. */
const SAFE_SQUARES_MIN = 1e-250;
const SAFE_SQUARES_MAX = 1e250;

export function isSafeSumOfSquares(s: number): boolean {
  return s > SAFE_SQUARES_MIN && s < SAFE_SQUARES_MAX;
}

/** True where values of this size may be squared as they are: 0, ordinary, or not finite. */
export function isOrdinary(size: number): boolean {
  return size === 0 || !Number.isFinite(size) || isSafeSumOfSquares(size * size);
}

/** Σ x, carrying its rounding. */
export function sumOf(x: Float64Array): number {
  const total = new RunningSum();
  for (const value of x) total.add(value);
  return total.value;
}

/** Σ x², in blocks whose sums carry their rounding. */
export function sumOfSquares(x: Float64Array): number {
  const total = new RunningSum();
  const block = 1024;
  for (let start = 0; start < x.length; start += block) {
    let sum = 0;
    const end = Math.min(start + block, x.length);
    for (let k = start; k < end; k++) sum += x[k]! * x[k]!;
    total.add(sum);
  }
  return total.value;
}
