import type { Embedding } from './embedding.js';
import { scaledCentred } from './scaled-values.js';

/** Σ_i (x_ij − x̄_j)² of each column of a [rows, cols] matrix, two-pass. */
export function squaresAboutMean(x: Float64Array, rows: number, cols: number): Float64Array {
  const mean = new Float64Array(cols);
  for (let k = 0; k < x.length; ) for (let j = 0; j < cols; j++, k++) mean[j] = mean[j]! + x[k]!;
  for (let j = 0; j < cols; j++) mean[j] = mean[j]! / rows;
  const squares = new Float64Array(cols);
  for (let k = 0; k < x.length; ) {
    for (let j = 0; j < cols; j++, k++) {
      const d = x[k]! - mean[j]!;
      squares[j] = squares[j]! + d * d;
    }
  }
  return squares;
}

export interface ColumnSquares {
  /** [cols], in units of 4^exponent; exactly 0 for a constant dimension. */
  readonly sums: Float64Array;
  readonly exponent: number;
}

/** Σ_i (x_ij − x̄_j)² of each dimension of an embedding. */
export function columnSquares(embedding: Embedding): ColumnSquares {
  const { data, exponent } = embedding.shared(scaledCentred);
  const { cols } = embedding;
  const sums = new Float64Array(cols);
  for (let k = 0; k < data.length; ) {
    for (let j = 0; j < cols; j++, k++) sums[j] = sums[j]! + data[k]! * data[k]!;
  }
  return { sums, exponent };
}
