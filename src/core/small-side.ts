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

function transpose(x: Float64Array, rows: number, cols: number): Float64Array {
  const out = new Float64Array(x.length);
  const tile = 16;
  for (let i0 = 0; i0 < rows; i0 += tile) {
    const iEnd = Math.min(i0 + tile, rows);
    for (let j = 0; j < cols; j++) for (let i = i0; i < iEnd; i++) out[j * rows + i] = x[i * cols + j]!;
  }
  return out;
}
