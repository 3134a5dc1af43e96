/**
 * out[j] = x_i · y_j for the rows j of `y` in [from, to). Each product is summed in the order of the dimensions
 * whatever its place in a tile, so equal rows give equal bits. `x` and `y` are row-major with `cols` columns.
 */
export function rowProducts(
  x: Float64Array,
  i: number,
  y: Float64Array,
  from: number,
  to: number,
  cols: number,
  out: Float64Array,
): void {
  const start = i * cols;
  let j = from;
  for (; j + 4 <= to; j += 4) {
    let b0 = j * cols;
    let b1 = b0 + cols;
    let b2 = b1 + cols;
    let b3 = b2 + cols;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let a = start, end = start + cols; a < end; a++, b0++, b1++, b2++, b3++) {
      const v = x[a]!;
      s0 += v * y[b0]!;
      s1 += v * y[b1]!;
      s2 += v * y[b2]!;
      s3 += v * y[b3]!;
    }
    out[j] = s0;
    out[j + 1] = s1;
    out[j + 2] = s2;
    out[j + 3] = s3;
  }
  for (; j < to; j++) {
    let s = 0;
    for (let a = start, b = j * cols, end = start + cols; a < end; a++, b++) s += x[a]! * y[b]!;
    out[j] = s;
  }
}
