import { currentKernels } from '#kernels/choose-kernels.js';
import type { Matrix } from '../matrix/matrix.js';
import { fillWithNormals } from '../random/random-slices.js';

/**
 * Projects rows on the vectors of `randomSlices`, [count, rows], a piece of the columns at a time: where even a few
 * whole vectors are more than should be in memory. `width` is that of a piece.
 */
export function projectInPieces(
  { data, rows, cols }: Matrix,
  count: number,
  seed: number,
  width: number,
): Float64Array {
  const total = new Float64Array(count * rows);
  const squared = new Float64Array(count);
  const products = new Float64Array(count * rows);
  for (let first = 0; first < cols; first += width) {
    const own = Math.min(width, cols - first);
    const x = new Float64Array(count * own);
    for (let i = 0; i < count; i++) {
      const piece = x.subarray(i * own, (i + 1) * own);
      fillWithNormals(piece, seed, i * cols + first);
      for (const value of piece) squared[i] = squared[i]! + value * value;
    }
    const y = new Float64Array(rows * own);
    for (let j = 0; j < rows; j++) {
      y.set(data.subarray(j * cols + first, j * cols + first + own), j * own);
    }
    currentKernels().rowProducts({ x, xRows: count, y, yRows: rows, cols: own }, products);
    for (let k = 0; k < total.length; k++) total[k] = total[k]! + products[k]!;
  }
  for (let k = 0; k < total.length; k++) total[k] = total[k]! / Math.sqrt(squared[Math.floor(k / rows)]!);
  return total;
}
