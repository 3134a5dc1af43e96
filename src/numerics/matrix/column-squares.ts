import { eachTimesPowerOfTwo, exponentOf, timesPowerOfTwo } from '../floating/power-of-two.js';
import { isOrdinary, isSafeSumOfSquares, sumOf, sumOfSquares } from '../floating/sums.js';
import { ABOUT_MEANS, CENTRE, CENTRED, COLUMN_MOMENTS, MOMENT_SUMS } from './column-moments.js';
import type { MatrixDerived, MatrixFold, Rows } from './matrix-view.js';
import { SCALED_CENTRED } from './scaled-values.js';
import { SURVEY } from './survey.js';

export interface ColumnSquares {
  /** [cols], in units of 4^exponent; exactly 0 for a constant dimension. */
  readonly sums: Float64Array;
  readonly exponent: number;
}

/** Σ_i (x_ij − x̄_j)² of each dimension, of some rows about the mean of all. */
export const OWN_COLUMN_SQUARES = {
  name: 'column squares of some rows',
  of: (rows: Rows): ColumnSquares => {
    if (isOrdinary(rows.get(SURVEY).spread)) {
      const { residual } = rows.get(CENTRE);
      const { sums, squares } = rows.own(MOMENT_SUMS);
      // Σ (d − r)² of d = x − mean, the residual r being what the mean's rounding left out.
      const about = new Float64Array(squares.length);
      for (let j = 0; j < about.length; j++) {
        const r = residual[j]!;
        about[j] = Math.max(0, squares[j]! - r * (2 * sums[j]! - rows.rows * r));
      }
      return { sums: about, exponent: 0 };
    }
    const { data, exponent } = rows.own(SCALED_CENTRED);
    const sums = new Float64Array(rows.cols);
    for (let k = 0; k < data.length; ) {
      for (let j = 0; j < rows.cols; j++, k++) sums[j] = sums[j]! + data[k]! * data[k]!;
    }
    return { sums, exponent };
  },
};

export const COLUMN_SQUARES: MatrixFold<ColumnSquares> = {
  name: 'column squares',
  needs: ABOUT_MEANS,
  part: (rows) => rows.own(OWN_COLUMN_SQUARES),
  join: (a, b) => ({ sums: a.sums.map((sum, j) => sum + b.sums[j]!), exponent: a.exponent }),
};

/** The mean over dimensions of the population variance (ddof 0); exactly 0 for one row. Infinity if it overflows. */
export const MEAN_VARIANCE: MatrixDerived<number> = {
  name: 'mean variance',
  needs: [SURVEY, COLUMN_MOMENTS],
  thenNeeds: (view) => {
    const { spread } = view.get(SURVEY);
    const isSafe = isSafeSumOfSquares(sumOf(view.get(COLUMN_MOMENTS).squares));
    return spread === 0 || !Number.isFinite(spread) || isSafe ? [] : [SPREAD_SQUARES];
  },
  from: (view) => {
    const { rows, cols } = view;
    const { spread } = view.get(SURVEY);
    if (spread === 0) return 0;
    const direct = sumOf(view.get(COLUMN_MOMENTS).squares);
    if (isSafeSumOfSquares(direct)) return direct / rows / cols;
    if (!Number.isFinite(spread)) return Number.POSITIVE_INFINITY;
    return timesPowerOfTwo(view.get(SPREAD_SQUARES) / rows / cols, 2 * exponentOf(spread));
  },
};

/** Σ of the squares of the centred matrix in units of the spread. */
const SPREAD_SQUARES: MatrixFold<number> = {
  name: 'squares in units of the spread',
  needs: ABOUT_MEANS,
  part: (rows) => sumOfSquares(eachTimesPowerOfTwo(rows.own(CENTRED), -exponentOf(rows.get(SURVEY).spread))),
  join: (a, b) => a + b,
};
