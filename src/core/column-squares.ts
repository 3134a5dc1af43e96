import type { Embedding } from './embedding.js';
import type { RowFold } from './row-fold.js';
import { scaledCentred } from './scaled-values.js';

export interface ColumnSquares {
  /** [cols], in units of 4^exponent; exactly 0 for a constant dimension. */
  readonly sums: Float64Array;
  readonly exponent: number;
}

/** Σ_i (x_ij − x̄_j)² of each dimension of an embedding. */
export const COLUMN_SQUARES: RowFold<Embedding, ColumnSquares> = {
  part: columnSquares,
  join: (a, b) => ({ sums: a.sums.map((sum, j) => sum + b.sums[j]!), exponent: a.exponent }),
};

function columnSquares(embedding: Embedding): ColumnSquares {
  const { data, exponent } = embedding.shared(scaledCentred);
  const { cols } = embedding;
  const sums = new Float64Array(cols);
  for (let k = 0; k < data.length; ) {
    for (let j = 0; j < cols; j++, k++) sums[j] = sums[j]! + data[k]! * data[k]!;
  }
  return { sums, exponent };
}
