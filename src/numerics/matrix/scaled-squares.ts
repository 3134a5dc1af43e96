import { exponentOf, timesPowerOfTwo } from '../floating/power-of-two.js';
import type { BatchRows } from './batch.js';
import { columnSquares } from './column-squares.js';
import { difference } from './difference.js';
import { type Embedding, isSafeSumOfSquares, sumOf, sumOfSquares } from './embedding.js';
import type { RowFold } from './row-fold.js';
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

/** a / b for b > 0; Infinity if the quotient overflows, NaN if either sum did. */
export function quotient(a: ScaledSquares, b: ScaledSquares): number {
  if (!Number.isFinite(a.value) || !Number.isFinite(b.value)) return Number.NaN;
  // Past ±1100 the quotient of two sums of float64 squares is 0 or Infinity whatever the mantissas.
  const exponent = Math.max(-1100, Math.min(1100, a.exponent - b.exponent));
  return timesPowerOfTwo(a.value / b.value, 2 * exponent);
}

function sumOfScaled(a: ScaledSquares, b: ScaledSquares): ScaledSquares {
  if (a.value === 0 || !Number.isFinite(b.value)) return b;
  if (b.value === 0 || !Number.isFinite(a.value)) return a;
  const exponent = Math.max(a.exponent, b.exponent);
  const inUnit = ({ value, exponent: own }: ScaledSquares) =>
    timesPowerOfTwo(value, Math.max(-2100, 2 * (own - exponent)));
  return { value: inUnit(a) + inUnit(b), exponent };
}

function squaredDifference(a: Embedding, b: Embedding): ScaledSquares {
  const direct = sumOfSquaredDistances(a, b);
  return isSafeSumOfSquares(direct) ? { value: direct, exponent: 0 } : scaledSquares(difference(a, b).data);
}

/** Σ of the squares of the centred matrix. */
export const CENTRED_SQUARES: RowFold<Embedding, ScaledSquares> = {
  part: (embedding) => {
    const { sums, exponent } = embedding.shared(columnSquares);
    const direct = sumOf(sums);
    return exponent === 0 && isSafeSumOfSquares(direct)
      ? { value: direct, exponent }
      : scaledSquares(embedding.centred);
  },
  join: sumOfScaled,
};

/** Σ‖p − t‖². */
export const MISS_SQUARES: RowFold<BatchRows, ScaledSquares> = {
  part: ({ prediction, target }) => squaredDifference(prediction, target!),
  join: sumOfScaled,
};

/** Σ‖c − t‖². */
export const MOVE_SQUARES: RowFold<BatchRows, ScaledSquares> = {
  part: ({ target, context }) => squaredDifference(context!, target!),
  join: sumOfScaled,
};
