import { LEAST_PRODUCT, QR_PANEL } from '../constants';
import { addScaled, dot } from './vector';

/**
 * Does one step of the QR of `count` columns, stored one after the other `height` float64 apart, of which column j is 0
 * below row `length` + j: makes the QR_PANEL reflectors from `first` on (reflector j spans rows j … j + length) and
 * applies them to all later columns. What is above row j of column j is R then, and R_jj goes to `diagonal`.
 */
export function qrPanel(
  a: usize,
  count: u32,
  length: u32,
  height: u32,
  diagonal: usize,
  scales: usize,
  first: u32,
): void {
  const stride = (height as usize) * 8;
  const last = min<u32>(first + QR_PANEL, count);
  for (let j = first; j < last; j++) {
    const column = a + (j as usize) * stride;
    for (let k = first; k < j; k++) reflect(a, stride, scales, k, column, length + 1);
    makeReflector(
      column + (j as usize) * 8,
      length + 1,
      diagonal + (j as usize) * 8,
      scales + (j as usize) * 8,
    );
  }
  for (let c = last; c < count; c++) {
    const column = a + (c as usize) * stride;
    for (let k = first; k < last; k++) reflect(a, stride, scales, k, column, length + 1);
  }
}

/** Applies reflector k to `column`. */
function reflect(a: usize, stride: usize, scales: usize, k: u32, column: usize, span: u32): void {
  const v = a + (k as usize) * stride + (k as usize) * 8;
  const x = column + (k as usize) * 8;
  const factor = dot(v, x, span) * load<f64>(scales + (k as usize) * 8);
  addScaled(-factor, v, x, span);
}

/** Makes a reflector of the column at `x`. The sign that adds, v = x + sign(x₀)‖x‖e₀, cannot cancel. */
function makeReflector(x: usize, span: u32, diagonal: usize, scale: usize): void {
  const norm = Math.sqrt(dot(x, x, span));
  const head = load<f64>(x);
  const product = norm * (norm + Math.abs(head));
  store<f64>(diagonal, head >= 0 ? -norm : norm);
  store<f64>(scale, product >= LEAST_PRODUCT ? 1 / product : 0);
  store<f64>(x, head >= 0 ? head + norm : head - norm);
}
