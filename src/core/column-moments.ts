import type { Matrix } from './matrix.js';

/** Rows are summed in blocks, so that the rounding error does not grow with their number. */
const BLOCK_ROWS = 128;

/** Column means [cols]: the first row plus the mean difference from it, so that an offset costs no digits. */
export function columnMeans({ data, rows, cols }: Matrix): Float64Array {
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
  for (let j = 0; j < cols; j++) total[j] = data[j]! + total[j]! / rows;
  return total;
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
