import { addProduct, one, pair, sumLanes } from './vector';

/**
 * Takes of `count` rows of `x`, `cols` entries of `bytes` bytes each, ‖x‖², ‖x − c‖² and (x − c)·c into `sums`
 * [count, 3], c being `centre` [cols].
 */
export function rowSums(x: usize, bytes: u32, count: u32, cols: u32, centre: usize, sums: usize): void {
  for (let i: u32 = 0; i < count; i++, sums += 24) {
    if (bytes === 4) sumsOfRow<f32>(x, cols, centre, sums);
    else sumsOfRow<f64>(x, cols, centre, sums);
    x += (cols as usize) * bytes;
  }
}

function sumsOfRow<T>(x: usize, cols: u32, centre: usize, sums: usize): void {
  let squares = f64x2.splat(0);
  let apart = f64x2.splat(0);
  let along = f64x2.splat(0);
  for (let end = centre + ((cols & ~1) as usize) * 8; centre < end; centre += 16, x += 2 * sizeof<T>()) {
    const a = pair<T>(x);
    const c = v128.load(centre);
    const d = f64x2.sub(a, c);
    squares = addProduct(a, a, squares);
    apart = addProduct(d, d, apart);
    along = addProduct(d, c, along);
  }
  // The last of an odd number, or a 0.
  const odd = (cols & 1) !== 0;
  const a = odd ? one<T>(x) : 0;
  const c = odd ? load<f64>(centre) : 0;
  const d = a - c;
  store<f64>(sums, sumLanes(squares) + a * a);
  store<f64>(sums, sumLanes(apart) + d * d, 8);
  store<f64>(sums, sumLanes(along) + d * c, 16);
}
