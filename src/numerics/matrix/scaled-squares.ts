import { exponentOf, timesPowerOfTwo } from '../floating/power-of-two.js';
import { isSafeSumOfSquares, sumOf, sumOfSquares } from '../floating/sums.js';
import { ABOUT_MEANS, CENTRED } from './column-moments.js';
import { OWN_COLUMN_SQUARES } from './column-squares.js';
import { difference } from './difference.js';
import type { MatrixFold, Rows } from './matrix-view.js';
import { ROW_PAIR_SUMS, rowPairSums, sumOfSquaredDistances } from './row-pairs.js';
import type { StepFold } from './step-view.js';

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

function squaredDifference(a: Rows, b: Rows, sums: Float64Array): ScaledSquares {
  const direct = sumOfSquaredDistances(sums);
  return isSafeSumOfSquares(direct) ? { value: direct, exponent: 0 } : scaledSquares(difference(a, b).data);
}

/** Σ of the squares of the centred matrix. */
export const CENTRED_SQUARES: MatrixFold<ScaledSquares> = {
  name: 'centred squares',
  needs: ABOUT_MEANS,
  part: (rows) => {
    const { sums, exponent } = rows.own(OWN_COLUMN_SQUARES);
    const direct = sumOf(sums);
    return exponent === 0 && isSafeSumOfSquares(direct)
      ? { value: direct, exponent }
      : scaledSquares(rows.own(CENTRED));
  },
  join: sumOfScaled,
};

/** Σ‖p − t‖². */
export const MISS_SQUARES: StepFold<ScaledSquares> = {
  name: 'squares of prediction less target',
  reads: ['prediction', 'target'],
  needs: {},
  part: (rows) => squaredDifference(rows.prediction, rows.target!, rows.own(ROW_PAIR_SUMS)),
  join: sumOfScaled,
};

/** Σ‖c − t‖². */
export const MOVE_SQUARES: StepFold<ScaledSquares> = {
  name: 'squares of context less target',
  reads: ['target', 'context'],
  needs: {},
  part: ({ target, context }) =>
    squaredDifference(context!, target!, rowPairSums(context!.matrix, target!.matrix)),
  join: sumOfScaled,
};
