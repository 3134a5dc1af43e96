type Values = Float32Array | Float64Array;

/** ‖x_i − y_j‖₂² of a row of `x` and a row of `y` [·, cols], in four running sums. */
export function squaredDistance(x: Values, y: Values, cols: number, i: number, j: number): number {
  let a = i * cols;
  let b = j * cols;
  const end = a + cols;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (; a + 4 <= end; a += 4, b += 4) {
    const d0 = x[a]! - y[b]!;
    const d1 = x[a + 1]! - y[b + 1]!;
    const d2 = x[a + 2]! - y[b + 2]!;
    const d3 = x[a + 3]! - y[b + 3]!;
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (; a < end; a++, b++) {
    const d = x[a]! - y[b]!;
    s0 += d * d;
  }
  return s0 + s1 + (s2 + s3);
}
