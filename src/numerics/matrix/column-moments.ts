import { currentKernels } from '#kernels/choose-kernels.js';
import type { Centre, MomentSums } from '#kernels/kernels.js';
import type { MatrixDerived, MatrixFold, RowsOwn } from './matrix-view.js';
import { COLUMN_SUMS, columnMeans, constantColumns, SURVEY } from './survey.js';

export interface ColumnMoments {
  readonly rows: number;
  /** What rounding the means left out, [cols]: x − mean − residual sums to 0 as nearly as float64 can say. */
  readonly residual: Float64Array;
  /** Σ (x − mean − residual)² of each column, [cols]. */
  readonly squares: Float64Array;
}

/** Sums of a second pass about the column means; read them, never write to them. */
export const MOMENT_SUMS: RowsOwn<MomentSums> = {
  name: 'sums about the means',
  of: (view) => {
    const { data, rows, cols } = view.matrix;
    return currentKernels().columnMoments(data, rows, cols, view.get(SURVEY).means);
  },
};

/**
 * Second moments about the column means, corrected for the means' rounding (Chan, Golub & LeVeque 1983, the corrected
 * two-pass algorithm). Where squares over- or underflow, so do `squares`.
 */
export const COLUMN_MOMENTS: MatrixFold<ColumnMoments> = {
  name: 'column moments',
  needs: [SURVEY],
  part: (view) => {
    const { rows } = view;
    const { sums, squares } = view.own(MOMENT_SUMS);
    const residual = new Float64Array(sums.length);
    const about = new Float64Array(sums.length);
    for (let j = 0; j < sums.length; j++) {
      const r = sums[j]! / rows;
      residual[j] = r;
      about[j] = Math.max(0, squares[j]! - rows * r * r);
    }
    return { rows, residual, squares: about };
  },
  join: (a, b) => {
    const rows = a.rows + b.rows;
    const residual = a.residual.map((r, j) => (a.rows * r + b.rows * b.residual[j]!) / rows);
    // Both are about one mean, from which a block may lie far away: its own mean's square is put back first.
    const about = ({ squares, residual: r, rows: n }: ColumnMoments, j: number) =>
      squares[j]! + n * r[j]! * r[j]!;
    const squares = residual.map((r, j) => Math.max(0, about(a, j) + about(b, j) - rows * r * r));
    return { rows, residual, squares };
  },
};

/** What centring takes from every row. Of rows that pass by it is known after the first pass. */
export const CENTRE: MatrixDerived<Centre> = {
  name: 'centre',
  needs: [],
  alsoNeeds: ({ rowsInMemory }) => (rowsInMemory === null ? [COLUMN_SUMS] : [COLUMN_MOMENTS]),
  from: (view) => {
    const mean = view.get(SURVEY).means;
    if (view.rowsInMemory !== null) return { mean, residual: view.get(COLUMN_MOMENTS).residual };
    const { first, sums, rows } = view.get(COLUMN_SUMS);
    const residual = mean.map((m, j) => {
      const [x, d] = [first[j]!, sums[j]! / rows];
      // What x + d lost when it was rounded (Knuth's two-sum).
      const back = m - x;
      return x - (m - back) + (d - back);
    });
    return { mean, residual };
  },
};

/** What a fold needs that reads centred values. */
export const ABOUT_MEANS = [SURVEY, CENTRE] as const;

/**
 * The rows minus the column means, [rows, cols]; constant columns are exactly 0.
 * Centred a second time, because a mean is rounded and the rows may sit far closer together than its last digit.
 */
export const CENTRED: RowsOwn<Float64Array> = {
  name: 'centred rows',
  of: (view) => {
    const { data, rows, cols } = view.matrix;
    const { means } = view.get(SURVEY);
    const centred = new Float64Array(rows * cols);
    for (let i = 0, k = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++, k++) centred[k] = data[k]! - means[j]!;
    }
    const residual = view.isWhole ? columnMeans({ data: centred, rows, cols }) : view.get(CENTRE).residual;
    const constant = constantColumns(view);
    for (let j = 0; j < cols; j++) {
      if (constant[j] === 1) {
        for (let k = j; k < centred.length; k += cols) centred[k] = 0;
      } else if (residual[j] !== 0) {
        for (let k = j; k < centred.length; k += cols) centred[k] = centred[k]! - residual[j]!;
      }
    }
    return centred;
  },
};
