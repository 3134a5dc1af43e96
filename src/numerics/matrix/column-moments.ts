import { currentKernels } from '#kernels/choose-kernels.js';
import type { ColumnSurvey, MomentSums } from '#kernels/kernels.js';
import { meansFrom } from '#kernels/serial/means-from.js';
import type { Embedding } from './embedding.js';
import type { Matrix } from './matrix.js';
import type { RowFold } from './row-fold.js';

/** Extremes and sums of every column, for whoever asks first; read them, never write to them. */
export function columnSurvey({ matrix: { data, rows, cols } }: Embedding): ColumnSurvey {
  return currentKernels().surveyColumns(data, rows, cols);
}

/** False where an entry is NaN or Inf, or the entries are so large that their differences overflow. */
export function isSurelyFinite({ sums }: ColumnSurvey): boolean {
  let check = 0;
  for (const sum of sums) check += sum * 0;
  return check === 0;
}

/** Column means [cols]: the first row plus the mean difference from it, so that an offset costs no digits. */
export function columnMeans({ data, rows, cols }: Matrix): Float64Array {
  return meansFrom(data, rows, currentKernels().surveyColumns(data, rows, cols));
}

/** Column sums as differences from the first of the rows. */
export interface ColumnSums {
  readonly rows: number;
  readonly first: Float64Array;
  readonly differences: Float64Array;
}

export const COLUMN_SUMS: RowFold<Embedding, ColumnSums> = {
  part: (embedding) => ({
    rows: embedding.rows,
    first: Float64Array.from(embedding.matrix.data.subarray(0, embedding.cols)),
    differences: embedding.shared(columnSurvey).sums,
  }),
  join: (a, b) => ({
    rows: a.rows + b.rows,
    first: a.first,
    differences: a.differences.map(
      (sum, j) => sum + (b.differences[j]! + b.rows * (b.first[j]! - a.first[j]!)),
    ),
  }),
};

/** The column means, and what rounding them left out: their sum has the digits of the differences. */
export function meansOf({ rows, first, differences }: ColumnSums): {
  mean: Float64Array;
  residual: Float64Array;
} {
  const mean = first.map((x, j) => x + differences[j]! / rows);
  const residual = mean.map((m, j) => {
    const [x, d] = [first[j]!, differences[j]! / rows];
    // What x + d lost when it was rounded (Knuth's two-sum).
    const back = m - x;
    return x - (m - back) + (d - back);
  });
  return { mean, residual };
}

export interface ColumnMoments {
  /** What rounding the means left out, [cols]: x − mean − residual sums to 0 as nearly as float64 can say. */
  readonly residual: Float64Array;
  /** Σ (x − mean − residual)² of each column, [cols]. */
  readonly squares: Float64Array;
}

/** Sums of a second pass about the column means; read them, never write to them. */
export function momentSums({ matrix: { data, rows, cols }, columnMeans: mean }: Embedding): MomentSums {
  return currentKernels().columnMoments(data, rows, cols, mean);
}

/**
 * Second moments about the column means, corrected for the means' rounding (Chan, Golub & LeVeque 1983, the corrected
 * two-pass algorithm). Where squares over- or underflow, so do `squares`.
 */
export function columnMoments(embedding: Embedding): ColumnMoments {
  const { rows } = embedding;
  const { sums, squares } = embedding.shared(momentSums);
  const residual = sums.map((sum) => sum / rows);
  return { residual, squares: squares.map((s, j) => Math.max(0, s - rows * residual[j]! * residual[j]!)) };
}

export const COLUMN_MOMENTS: RowFold<Embedding, ColumnMoments & { readonly rows: number }> = {
  part: (embedding) => ({ rows: embedding.rows, ...columnMoments(embedding) }),
  join: (a, b) => {
    const rows = a.rows + b.rows;
    const residual = a.residual.map((r, j) => (a.rows * r + b.rows * b.residual[j]!) / rows);
    // Both are about one mean, from which a block may lie far away: its own mean's square is put back first.
    const about = ({ squares, residual: r, rows: n }: typeof a, j: number) => squares[j]! + n * r[j]! * r[j]!;
    const squares = residual.map((r, j) => Math.max(0, about(a, j) + about(b, j) - rows * r * r));
    return { rows, residual, squares };
  },
};
