import { difference } from './difference.js';
import { type Embedding, isSafeSumOfSquares, sumOf, sumOfSquares } from './embedding.js';
import { exponentOf, timesPowerOfTwo } from './power-of-two.js';
import { sumOfSquaredDistances } from './row-pairs.js';

/** A sum of squares, value · 4^exponent: it may lie outside the range of float64. */
export interface ScaledSquares {
  readonly value: number;
  readonly exponent: number;
}

/** Σ x². NaN or Infinity where an entry is. */
export function scaledSquares(x: Float64Array): ScaledSquares {
  const direct = sumOfSquares(x);
  if (isSafeSumOfSquares(direct)) return { value: direct, exponent: 0 };
  let largest = 0;
  for (const entry of x) largest = Math.max(largest, Math.abs(entry));
  if (largest === 0 || !Number.isFinite(largest)) return { value: largest, exponent: 0 };
  const exponent = exponentOf(largest);
  return { value: sumOfSquares(x.map((entry) => timesPowerOfTwo(entry, -exponent))), exponent };
}

/** Σ ‖a_i − b_i‖². */
export function squaredDifference(a: Embedding, b: Embedding): ScaledSquares {
  const direct = sumOfSquaredDistances(a, b);
  return isSafeSumOfSquares(direct) ? { value: direct, exponent: 0 } : scaledSquares(difference(a, b).data);
}

/** Σ ‖x_i − x̄‖². */
export function squaresAboutCentre(embedding: Embedding): ScaledSquares {
  const direct = sumOf(embedding.columnMoments.squares);
  return isSafeSumOfSquares(direct) ? { value: direct, exponent: 0 } : scaledSquares(embedding.centred);
}

/** a / b for b > 0; Infinity if the quotient overflows, NaN if either sum did. */
export function quotient(a: ScaledSquares, b: ScaledSquares): number {
  if (!Number.isFinite(a.value) || !Number.isFinite(b.value)) return Number.NaN;
  // Past ±1100 the quotient of two sums of float64 squares is 0 or Infinity whatever the mantissas.
  const exponent = Math.max(-1100, Math.min(1100, a.exponent - b.exponent));
  return timesPowerOfTwo(a.value / b.value, 2 * exponent);
}
