import { currentKernels } from '#kernels/choose-kernels.js';
import type { Kernels } from '#kernels/kernels.js';
import { exponentOf, timesPowerOfTwo } from '../floating/power-of-two.js';

/**
 * ln det(V Vᵀ/N + εI) for `count` vectors (rows of V, `length` entries each), as 2 Σ ln|R_jj| of a Householder QR of
 * the columns [v_j/√N; √ε e_j]. It never forms the Gram matrix, so its rounding is that of σ_max against √ε and not
 * of σ²_max against ε: right where the Gram matrix is singular to working precision. Costs about four times the Gram.
 */
export function logDetByQr(
  vectors: Float64Array,
  count: number,
  length: number,
  rows: number,
  epsilon: number,
  kernels: Kernels = currentKernels(),
): number {
  let largest = Math.sqrt(epsilon);
  for (const x of vectors) largest = Math.max(largest, Math.abs(x));
  const exponent = exponentOf(largest);
  const rootN = Math.sqrt(rows);
  const height = length + count;
  const a = new Float64Array(count * height);
  for (let j = 0; j < count; j++) {
    for (let k = 0; k < length; k++) {
      a[j * height + k] = timesPowerOfTwo(vectors[j * length + k]!, -exponent) / rootN;
    }
    a[j * height + length + j] = timesPowerOfTwo(Math.sqrt(epsilon), -exponent);
  }
  // Column j is 0 below row length + j, and so is the reflector that clears it.
  let logDet = 0;
  kernels.qrFactor(a, count, height);
  for (let at = 0; at < a.length; at += height + 1)
    logDet += 2 * (Math.log(Math.abs(a[at]!)) + exponent * Math.LN2);
  return logDet;
}
