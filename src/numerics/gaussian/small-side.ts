import { transpose } from '#kernels/serial/centred-copy.js';

export interface SmallSide {
  /** [order, length] row-major: the rows of the matrix, or its columns where there are fewer of them. */
  readonly vectors: Float64Array;
  readonly order: number;
  readonly length: number;
}

/** A [rows, cols] matrix as the vectors whose Gram matrix is the smaller of the two. */
export function smallSide(x: Float64Array, rows: number, cols: number): SmallSide {
  return rows < cols
    ? { vectors: x, order: rows, length: cols }
    : { vectors: transpose(x, rows, cols), order: cols, length: rows };
}
