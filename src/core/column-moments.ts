import { currentKernels } from '../kernels/choose-kernels.js';
import type { Matrix } from './matrix.js';

export interface ColumnSurvey {
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** The first row plus the mean difference from it, so that an offset costs no digits. */
  readonly means: Float64Array;
  /** False where an entry is NaN or Inf, or the entries are so large that their differences overflow. */
  readonly surelyFinite: boolean;
}

/** Extremes and means of every column, [cols] each, in one pass. */
export function surveyColumns({ data, rows, cols }: Matrix): ColumnSurvey {
  const { sums, min, max } = currentKernels().surveyColumns(data, rows, cols);
  let check = 0;
  for (let j = 0; j < cols; j++) {
    check += sums[j]! * 0;
    sums[j] = data[j]! + sums[j]! / rows;
  }
  return { min, max, means: sums, surelyFinite: check === 0 };
}

export interface ColumnMoments {
  /** What rounding the means left out, [cols]: x − mean − residual sums to 0 as nearly as float64 can say. */
  readonly residual: Float64Array;
  /** Σ (x − mean − residual)² of each column, [cols]. */
  readonly squares: Float64Array;
}

/**
 * Second moments about `mean` [cols] in one pass, corrected for the means' rounding (Chan, Golub & LeVeque 1983,
 * the corrected two-pass algorithm). Where squares over- or underflow, so do `squares`.
 */
export function columnMoments({ data, rows, cols }: Matrix, mean: Float64Array): ColumnMoments {
  const { sums: residual, squares } = currentKernels().columnMoments(data, rows, cols, mean);
  for (let j = 0; j < cols; j++) {
    residual[j] = residual[j]! / rows;
    squares[j] = Math.max(0, squares[j]! - rows * residual[j]! * residual[j]!);
  }
  return { residual, squares };
}
