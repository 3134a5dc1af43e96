import type { AffineRows, Centre, ColumnSurvey, MatrixPair, MomentSums } from '../kernels.js';

type Values = Float32Array | Float64Array;

/** Rows are summed in blocks, so that the rounding error does not grow with their number. */
export const BLOCK_ROWS = 128;

/** See `Kernels.surveyColumns`. */
export function surveyColumns(x: Values, rows: number, cols: number): ColumnSurvey {
  const min = Float64Array.from(x.subarray(0, cols));
  const max = Float64Array.from(min);
  const sums = inBlocks(rows, cols, (block, from, to) => {
    for (let i = from, k = from * cols; i < to; i++) {
      for (let j = 0; j < cols; j++, k++) {
        const value = x[k]!;
        block[j] = block[j]! + (value - x[j]!);
        if (value < min[j]!) min[j] = value;
        if (value > max[j]!) max[j] = value;
      }
    }
  });
  return { sums, min, max };
}

/** See `Kernels.columnMoments`. */
export function columnMoments(x: Values, rows: number, cols: number, mean: Float64Array): MomentSums {
  const sums = inBlocks(rows, cols, (block, from, to) => {
    for (let i = from, k = from * cols; i < to; i++) {
      for (let j = 0; j < cols; j++, k++) block[j] = block[j]! + (x[k]! - mean[j]!);
    }
  });
  const squares = inBlocks(rows, cols, (block, from, to) => {
    for (let i = from, k = from * cols; i < to; i++) {
      for (let j = 0; j < cols; j++, k++) block[j] = block[j]! + (x[k]! - mean[j]!) ** 2;
    }
  });
  return { sums, squares };
}

/** See `Kernels.columnProducts`. */
export function columnProducts(
  { x, y, rows, cols }: MatrixPair,
  xMean: Float64Array,
  yMean: Float64Array,
): Float64Array {
  return inBlocks(rows, cols, (block, from, to) => {
    for (let i = from, k = from * cols; i < to; i++) {
      for (let j = 0; j < cols; j++, k++) {
        block[j] = block[j]! + (x[k]! - xMean[j]!) * (y[k]! - yMean[j]!);
      }
    }
  });
}

/** See `Kernels.rowPairSums`. */
export function rowPairSums(
  { x, y, rows, cols }: MatrixPair,
  xCentre: Centre = noCentre(cols),
  yCentre: Centre = noCentre(cols),
): Float64Array {
  const out = new Float64Array(4 * rows);
  for (let i = 0, k = 0; i < rows; i++) {
    let xx = 0;
    let yy = 0;
    let xy = 0;
    let dd = 0;
    for (let j = 0; j < cols; j++, k++) {
      const a = x[k]! - xCentre.mean[j]! - xCentre.residual[j]!;
      const b = y[k]! - yCentre.mean[j]! - yCentre.residual[j]!;
      const d = a - b;
      xx += a * a;
      yy += b * b;
      xy += a * b;
      dd += d * d;
    }
    out.set([xx, yy, xy, dd], 4 * i);
  }
  return out;
}

/** See `Kernels.rowSums`. */
export function rowSums(x: Values, rows: number, cols: number, centre: Float64Array): Float64Array {
  const out = new Float64Array(3 * rows);
  for (let i = 0, k = 0; i < rows; i++) {
    let squared = 0;
    let apart = 0;
    let along = 0;
    for (let j = 0; j < cols; j++, k++) {
      const d = x[k]! - centre[j]!;
      squared += x[k]! * x[k]!;
      apart += d * d;
      along += d * centre[j]!;
    }
    out.set([squared, apart, along], 3 * i);
  }
  return out;
}

/** See `Kernels.affineMoments`. */
export function affineMoments(
  { x, rows, cols, centre, factors }: AffineRows,
  mean: Float64Array,
): MomentSums {
  const both = inBlocks(rows, 2 * cols, (block, from, to) => {
    for (let i = from, k = from * cols; i < to; i++) {
      const gamma = factors[3 * i]!;
      const alpha = factors[3 * i + 1]!;
      const beta = factors[3 * i + 2]!;
      for (let j = 0; j < cols; j++, k++) {
        const c = centre[j]!;
        const d = (x[k]! - c * gamma) * alpha + c * beta - mean[j]!;
        block[j] = block[j]! + d;
        block[cols + j] = block[cols + j]! + d * d;
      }
    }
  });
  return { sums: both.slice(0, cols), squares: both.slice(cols) };
}

function noCentre(cols: number): Centre {
  const zeros = new Float64Array(cols);
  return { mean: zeros, residual: zeros };
}

/** Sums [width] over all rows, each block of them added to the whole only when it is complete. */
function inBlocks(
  rows: number,
  width: number,
  add: (block: Float64Array, from: number, to: number) => void,
): Float64Array {
  const total = new Float64Array(width);
  const block = new Float64Array(width);
  for (let from = 0; from < rows; from += BLOCK_ROWS) {
    block.fill(0);
    add(block, from, Math.min(from + BLOCK_ROWS, rows));
    for (let j = 0; j < width; j++) total[j] = total[j]! + block[j]!;
  }
  return total;
}
