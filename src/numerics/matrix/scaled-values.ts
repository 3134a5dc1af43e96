import { eachTimesPowerOfTwo, exponentOf, timesPowerOfTwo } from '../floating/power-of-two.js';
import { isOrdinary, isSafeSumOfSquares } from '../floating/sums.js';
import { CENTRED } from './column-moments.js';
import type { MatrixView, Rows, RowsOwn } from './matrix-view.js';
import { constantColumns, SURVEY } from './survey.js';

/** Values in units of 2^exponent, so that their squares and products neither over- nor underflow. */
export interface ScaledValues<Data = Float64Array> {
  readonly data: Data;
  readonly exponent: number;
}

/** The centred rows, [rows, cols]; as they are (exponent 0) unless the spread is extreme. */
export const SCALED_CENTRED: RowsOwn<ScaledValues> = {
  name: 'scaled centred rows',
  of: (rows) => scaled(rows.own(CENTRED), rows.get(SURVEY).spread),
};

/** The rows themselves, [rows, cols], no copy of them unless the largest entry is extreme: then in units near that. */
export function scaledRaw(rows: Rows): ScaledValues<Float32Array | Float64Array> {
  const { lowest, highest } = rows.get(SURVEY);
  const { data } = rows.matrix;
  const size = Math.max(Math.abs(lowest), Math.abs(highest));
  return isOrdinary(size) ? { data, exponent: 0 } : scaled(new Float64Array(data), size);
}

function scaled(data: Float64Array, size: number): ScaledValues {
  if (isOrdinary(size)) return { data, exponent: 0 };
  const exponent = exponentOf(size);
  return { data: eachTimesPowerOfTwo(data, -exponent), exponent };
}

/**
 * The values times 2^-exponent, uncentred, so that differences of rows square without over- or underflow.
 * The exponent is 0, and nothing but the type changes, unless the spread is extreme.
 */
export const DIFFERENCE_FORM: RowsOwn<ScaledValues<Float32Array | Float64Array>> = {
  name: 'rows in the unit of their differences',
  of: (rows) => {
    const { data } = rows.matrix;
    const exponent = unitOfDifferences(rows);
    if (exponent === 0) return { data, exponent };
    // A constant column may be so large beside the spread that scaling it overflows; it adds nothing to a distance.
    const constant = constantColumns(rows);
    const scaledUp = (x: number, k: number) =>
      constant[k % rows.cols] === 1 ? 0 : timesPowerOfTwo(x, -exponent);
    return { data: Float64Array.from(data, scaledUp), exponent };
  },
};

/** The exponent of the unit in which differences of rows square safely; 0 unless the spread is extreme. */
export function unitOfDifferences(view: MatrixView): number {
  const { spread } = view.get(SURVEY);
  if (spread === 0 || isSafeSumOfSquares(spread * spread)) return 0;
  // A spread past the largest float64 is still below 2^1025.
  return Number.isFinite(spread) ? exponentOf(spread) : 1024;
}
