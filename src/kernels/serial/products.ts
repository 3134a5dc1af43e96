import { centredCopy } from '../arrays.js';
import type { Compared, Comparison, RowSets } from '../kernels.js';

/** See `Kernels.rowProducts`. */
export function rowProducts(
  { x, xRows, y, yRows, cols }: RowSets,
  out: Float64Array,
  mean?: Float64Array,
): void {
  const left = less(mean, x, xRows, cols);
  const right = less(mean, y, yRows, cols);
  for (let i = 0; i < xRows; i++) {
    multiplyRow(left, i, right, yRows, cols, out.subarray(i * yRows, (i + 1) * yRows));
  }
}

/** See `Kernels.compareProducts`; the products are float64 here. */
export function compareProducts(sets: RowSets, { mean, scale, ofX, ofY }: Comparison): Compared {
  const { x, xRows, y, yRows, cols } = sets;
  const words = Math.ceil(yRows / 32);
  const above = new Uint32Array(xRows);
  const open = new Uint32Array(xRows * words);
  const products = new Float64Array(yRows);
  const left = less(mean, x, xRows, cols);
  const right = less(mean, y, yRows, cols);
  for (let i = 0; i < xRows; i++) {
    multiplyRow(left, i, right, yRows, cols, products);
    for (let j = 0; j < yRows; j++) {
      const g = products[j]! * scale * scale;
      const room = ofX.room[i]! * ofY.room[j]!;
      if (g - ofY.most[j]! - room > ofX.most[i]!) above[i] = above[i]! + 1;
      else if (!(g - ofY.least[j]! + room < ofX.least[i]!)) {
        const word = i * words + (j >>> 5);
        open[word] = open[word]! | (1 << (j & 31));
      }
    }
  }
  return { above, open };
}

function less(mean: Float64Array | undefined, x: RowSets['x'], rows: number, cols: number): Float64Array {
  const centre = mean === undefined ? undefined : { mean, residual: new Float64Array(cols) };
  return centredCopy(x, rows, cols, centre);
}

/** Sets out[j] to x_i · y_j, summed in the order of the columns whatever its place in a tile. */
function multiplyRow(
  x: Float64Array,
  i: number,
  y: Float64Array,
  to: number,
  cols: number,
  out: Float64Array,
): void {
  const start = i * cols;
  let j = 0;
  for (; j + 4 <= to; j += 4) {
    let b0 = j * cols;
    let b1 = b0 + cols;
    let b2 = b1 + cols;
    let b3 = b2 + cols;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let a = start, end = start + cols; a < end; a++, b0++, b1++, b2++, b3++) {
      const v = x[a]!;
      s0 += v * y[b0]!;
      s1 += v * y[b1]!;
      s2 += v * y[b2]!;
      s3 += v * y[b3]!;
    }
    out[j] = s0;
    out[j + 1] = s1;
    out[j + 2] = s2;
    out[j + 3] = s3;
  }
  for (; j < to; j++) {
    let s = 0;
    for (let a = start, b = j * cols, end = start + cols; a < end; a++, b++) s += x[a]! * y[b]!;
    out[j] = s;
  }
}
