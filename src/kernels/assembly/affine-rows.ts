import { addProduct, pair } from './vector';

/**
 * Adds o − mean to `sums` and its square to `squares`, for `count` rows o = α (x − γ c) + β c, `cols` entries of
 * `bytes` bytes each in `x`. γ, α and β of each row are in `factors` [count, 3], c is `centre`. All others are [cols],
 * and have room for one more entry where that is odd.
 */
export function affineMoments(
  x: usize,
  bytes: u32,
  count: u32,
  cols: u32,
  factors: usize,
  centre: usize,
  mean: usize,
  sums: usize,
  squares: usize,
): void {
  for (let i: u32 = 0; i < count; i++, factors += 24) {
    if (bytes === 4) addRow<f32>(x, cols, factors, centre, mean, sums, squares);
    else addRow<f64>(x, cols, factors, centre, mean, sums, squares);
    x += (cols as usize) * bytes;
  }
}

function addRow<T>(
  x: usize,
  cols: u32,
  factors: usize,
  centre: usize,
  mean: usize,
  sums: usize,
  squares: usize,
): void {
  const gamma = v128.load64_splat(factors);
  const alpha = v128.load64_splat(factors, 8);
  const beta = v128.load64_splat(factors, 16);
  for (let o: usize = 0, end = (cols as usize) << 3; o < end; o += 16, x += 2 * sizeof<T>()) {
    const c = v128.load(centre + o);
    const own = f64x2.mul(f64x2.sub(pair<T>(x), f64x2.mul(c, gamma)), alpha);
    const d = f64x2.sub(addProduct(c, beta, own), v128.load(mean + o));
    v128.store(sums + o, f64x2.add(v128.load(sums + o), d));
    v128.store(squares + o, addProduct(d, d, v128.load(squares + o)));
  }
}
