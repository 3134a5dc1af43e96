import { momentSums } from './column-moments.js';
import type { Embedding } from './embedding.js';
import type { RowFold } from './row-fold.js';
import { isOrdinary, scaledCentred } from './scaled-values.js';

export interface ColumnSquares {
  /** [cols], in units of 4^exponent; exactly 0 for a constant dimension. */
  readonly sums: Float64Array;
  readonly exponent: number;
}

/** Σ_i (x_ij − x̄_j)² of each dimension of an embedding. */
export const COLUMN_SQUARES: RowFold<Embedding, ColumnSquares> = {
  part: (embedding) => embedding.shared(columnSquares),
  join: (a, b) => ({ sums: a.sums.map((sum, j) => sum + b.sums[j]!), exponent: a.exponent }),
};

/** Of some rows about the mean of all. */
export function columnSquares(embedding: Embedding): ColumnSquares {
  const { rows, cols } = embedding;
  if (isOrdinary(embedding.spread)) {
    const { residual } = embedding.centre;
    const { sums, squares } = embedding.shared(momentSums);
    // Σ (d − r)² of d = x − mean, the residual r being what the mean's rounding left out.
    const about = (s: number, j: number) => s - residual[j]! * (2 * sums[j]! - rows * residual[j]!);
    return { sums: squares.map((s, j) => Math.max(0, about(s, j))), exponent: 0 };
  }
  const { data, exponent } = embedding.shared(scaledCentred);
  const sums = new Float64Array(cols);
  for (let k = 0; k < data.length; ) {
    for (let j = 0; j < cols; j++, k++) sums[j] = sums[j]! + data[k]! * data[k]!;
  }
  return { sums, exponent };
}
