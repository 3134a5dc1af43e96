import { columnMoments, surveyColumns } from './column-moments.js';
import type { Embedding } from './embedding.js';
import { isOrdinary, scaledCentred } from './scaled-values.js';

/** Σ_i (x_ij − x̄_j)² of each column of a [rows, cols] matrix, two-pass. */
export function squaresAboutMean(data: Float64Array, rows: number, cols: number): Float64Array {
  const matrix = { data, rows, cols };
  return columnMoments(matrix, surveyColumns(matrix).means).squares;
}

export interface ColumnSquares {
  /** [cols], in units of 4^exponent; exactly 0 for a constant dimension. Read them, never write to them. */
  readonly sums: Float64Array;
  readonly exponent: number;
}

/** Σ_i (x_ij − x̄_j)² of each dimension of an embedding. */
export function columnSquares(embedding: Embedding): ColumnSquares {
  if (isOrdinary(embedding.spread)) return { sums: embedding.columnMoments.squares, exponent: 0 };
  const { data, exponent } = embedding.shared(scaledCentred);
  const { cols } = embedding;
  const sums = new Float64Array(cols);
  for (let k = 0; k < data.length; ) {
    for (let j = 0; j < cols; j++, k++) sums[j] = sums[j]! + data[k]! * data[k]!;
  }
  return { sums, exponent };
}
