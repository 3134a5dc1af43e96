import { LEAST_PRODUCT } from '../constants.js';

/** See `Kernels.qrFactor`. */
export function qrFactor(a: Float64Array, count: number, height: number): void {
  const span = height - count + 1;
  for (let j = 0; j < count; j++) {
    const at = j * height + j;
    a[at] = clearColumn(a, at, span, count - j - 1, height);
  }
}

/** Does one Householder step: returns R_jj and applies the reflector to the `later` columns to the right. */
function clearColumn(a: Float64Array, start: number, span: number, later: number, height: number): number {
  const end = start + span;
  let squared = 0;
  for (let k = start; k < end; k++) squared += a[k]! * a[k]!;
  const norm = Math.sqrt(squared);
  const head = a[start]!;
  // The sign that adds: v = x + sign(x₀)‖x‖e₀ cannot cancel.
  const pivot = head >= 0 ? head + norm : head - norm;
  const product = norm * (norm + Math.abs(head));
  // What a row leaves that others repeat underflows: a reflector of it would be NaN.
  const scale = product >= LEAST_PRODUCT ? 1 / product : 0;
  a[start] = pivot;
  for (let c = 1; c <= later; c++) {
    const shift = c * height;
    let dot = 0;
    for (let k = start; k < end; k++) dot += a[k]! * a[k + shift]!;
    const factor = dot * scale;
    for (let k = start; k < end; k++) a[k + shift] = a[k + shift]! - factor * a[k]!;
  }
  return head >= 0 ? -norm : norm;
}
