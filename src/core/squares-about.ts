/** ‖x_i − mean‖² of each row of `x` [rows, mean.length]. */
export function squaresAbout(mean: Float64Array, x: Float32Array | Float64Array, rows: number): Float64Array {
  const cols = mean.length;
  const out = new Float64Array(rows);
  for (let i = 0, k = 0; i < rows; i++) {
    let s = 0;
    for (let j = 0; j < cols; j++, k++) {
      const d = x[k]! - mean[j]!;
      s += d * d;
    }
    out[i] = s;
  }
  return out;
}
