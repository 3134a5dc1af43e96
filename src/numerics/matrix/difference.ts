import type { Matrix } from './matrix.js';
import type { Rows } from './matrix-view.js';

/** a − b, [rows, cols]. */
export function difference(a: Rows, b: Rows): Matrix & { readonly data: Float64Array } {
  const { rows, cols } = a;
  const p = a.matrix.data;
  const q = b.matrix.data;
  const data = new Float64Array(p.length);
  for (let k = 0; k < data.length; k++) data[k] = p[k]! - q[k]!;
  return { data, rows, cols };
}
