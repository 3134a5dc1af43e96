import type { Embedding } from './embedding.js';
import type { Matrix } from './matrix.js';
import type { RowFold } from './row-fold.js';

/** Rows are summed in blocks, so that the rounding error does not grow with their number. */
const BLOCK_ROWS = 128;

/** Column means [cols]: the first row plus the mean difference from it, so that an offset costs no digits. */
export function columnMeans(matrix: Matrix): Float64Array {
  const { data, rows } = matrix;
  return columnDifferences(matrix).map((sum, j) => data[j]! + sum / rows);
}

/** Σ (x − the first row) of each column, [cols]. */
function columnDifferences({ data, rows, cols }: Matrix): Float64Array {
  const total = new Float64Array(cols);
  const block = new Float64Array(cols);
  for (let start = 0; start < rows; start += BLOCK_ROWS) {
    block.fill(0);
    const end = Math.min(start + BLOCK_ROWS, rows);
    for (let i = start, k = start * cols; i < end; i++) {
      for (let j = 0; j < cols; j++, k++) block[j] = block[j]! + (data[k]! - data[j]!);
    }
    for (let j = 0; j < cols; j++) total[j] = total[j]! + block[j]!;
  }
  return total;
}

/** Column sums as differences from the first of the rows. */
export interface ColumnSums {
  readonly rows: number;
  readonly first: Float64Array;
  readonly differences: Float64Array;
}

export const COLUMN_SUMS: RowFold<Embedding, ColumnSums> = {
  part: ({ matrix, rows, cols }) => ({
    rows,
    first: Float64Array.from(matrix.data.subarray(0, cols)),
    differences: columnDifferences(matrix),
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

/**
 * Second moments about `mean` [cols] in one pass, corrected for the means' rounding (Chan, Golub & LeVeque 1983,
 * the corrected two-pass algorithm). Where squares over- or underflow, so do `squares`.
 */
export function columnMoments({ data, rows, cols }: Matrix, mean: Float64Array): ColumnMoments {
  const residual = new Float64Array(cols);
  const squares = new Float64Array(cols);
  const blockSum = new Float64Array(cols);
  const blockSquares = new Float64Array(cols);
  for (let start = 0; start < rows; start += BLOCK_ROWS) {
    blockSum.fill(0);
    blockSquares.fill(0);
    const end = Math.min(start + BLOCK_ROWS, rows);
    for (let i = start, k = start * cols; i < end; i++) {
      for (let j = 0; j < cols; j++, k++) {
        const d = data[k]! - mean[j]!;
        blockSum[j] = blockSum[j]! + d;
        blockSquares[j] = blockSquares[j]! + d * d;
      }
    }
    for (let j = 0; j < cols; j++) {
      residual[j] = residual[j]! + blockSum[j]!;
      squares[j] = squares[j]! + blockSquares[j]!;
    }
  }
  for (let j = 0; j < cols; j++) {
    residual[j] = residual[j]! / rows;
    squares[j] = Math.max(0, squares[j]! - rows * residual[j]! * residual[j]!);
  }
  return { residual, squares };
}

export const COLUMN_MOMENTS: RowFold<Embedding, ColumnMoments & { readonly rows: number }> = {
  part: ({ matrix, columnMeans: mean, rows }) => ({ rows, ...columnMoments(matrix, mean) }),
  join: (a, b) => {
    const rows = a.rows + b.rows;
    const residual = a.residual.map((r, j) => (a.rows * r + b.rows * b.residual[j]!) / rows);
    // Both are about one mean, from which a block may lie far away: its own mean's square is put back first.
    const about = ({ squares, residual: r, rows: n }: typeof a, j: number) => squares[j]! + n * r[j]! * r[j]!;
    const squares = residual.map((r, j) => Math.max(0, about(a, j) + about(b, j) - rows * r * r));
    return { rows, residual, squares };
  },
};
