import { exponentOf, timesPowerOfTwo } from './power-of-two.js';

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
  let logDet = 0;
  for (let j = 0; j < count; j++) {
    // Column j is 0 below row length + j, and so is the reflector that clears it.
    const start = j * height + j;
    const span = length + 1;
    logDet += 2 * (Math.log(clearColumn(a, start, span, count - j - 1, height)) + exponent * Math.LN2);
  }
  return logDet;
}

/** One Householder step; returns |R_jj| and applies the reflector to the `later` columns to the right. */
function clearColumn(a: Float64Array, start: number, span: number, later: number, height: number): number {
  const end = start + span;
  let squared = 0;
  for (let k = start; k < end; k++) squared += a[k]! * a[k]!;
  const norm = Math.sqrt(squared);
  const head = a[start]!;
  // The sign that adds: v = x + sign(x₀)‖x‖e₀ cannot cancel.
  const pivot = head >= 0 ? head + norm : head - norm;
  const scale = 1 / (norm * (norm + Math.abs(head)));
  a[start] = pivot;
  for (let c = 1; c <= later; c++) {
    const shift = c * height;
    let product = 0;
    for (let k = start; k < end; k++) product += a[k]! * a[k + shift]!;
    const factor = product * scale;
    for (let k = start; k < end; k++) a[k + shift] = a[k + shift]! - factor * a[k]!;
  }
  return norm;
}
