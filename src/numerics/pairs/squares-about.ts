import { currentKernels } from '#kernels/choose-kernels.js';

/** ‖x_i − mean‖² of each row of `x` [rows, mean.length]. */
export function squaresAbout(mean: Float64Array, x: Float32Array | Float64Array, rows: number): Float64Array {
  const sums = currentKernels().rowSums(x, rows, mean.length, mean);
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) out[i] = sums[3 * i + 1]!;
  return out;
}
