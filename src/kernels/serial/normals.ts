import type { NormalProjections } from '../kernels.js';
import { fillWithNormals } from '../normals.js';

const PIECE = 4096;

/** See `Kernels.projectOnNormals`. */
export function projectOnNormals({
  x,
  others = [],
  rows,
  cols,
  count,
  seed,
}: NormalProjections): Float64Array {
  const matrices = [x, ...others];
  const vectors = matrices.length * rows;
  const out = new Float64Array(count * (vectors + 1));
  const drawn = new Float64Array(Math.min(PIECE, cols));
  for (let i = 0; i < count; i++) {
    const sums = out.subarray(i * (vectors + 1), (i + 1) * (vectors + 1));
    for (let first = 0; first < cols; first += PIECE) {
      const piece = drawn.subarray(0, Math.min(PIECE, cols - first));
      fillWithNormals(piece, seed, i * cols + first);
      for (const [k, value] of piece.entries()) {
        for (const [m, data] of matrices.entries()) {
          for (let j = 0, at = first + k; j < rows; j++, at += cols) {
            sums[m * rows + j] = sums[m * rows + j]! + value * data[at]!;
          }
        }
        sums[vectors] = sums[vectors]! + value * value;
      }
    }
  }
  return out;
}
