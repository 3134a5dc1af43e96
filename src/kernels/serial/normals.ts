import type { NormalProjections } from '../kernels.js';
import { fillWithNormals } from '../normals.js';

const PIECE = 4096;

/** See `Kernels.projectOnNormals`. */
export function projectOnNormals({ x, rows, cols, count, seed }: NormalProjections): Float64Array {
  const out = new Float64Array(count * (rows + 1));
  const drawn = new Float64Array(Math.min(PIECE, cols));
  for (let i = 0; i < count; i++) {
    const sums = out.subarray(i * (rows + 1), (i + 1) * (rows + 1));
    for (let first = 0; first < cols; first += PIECE) {
      const piece = drawn.subarray(0, Math.min(PIECE, cols - first));
      fillWithNormals(piece, seed, i * cols + first);
      for (const [k, value] of piece.entries()) {
        for (let j = 0, at = first + k; j < rows; j++, at += cols) sums[j] = sums[j]! + value * x[at]!;
        sums[rows] = sums[rows]! + value * value;
      }
    }
  }
  return out;
}
