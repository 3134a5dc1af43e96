import { addProduct, one, pair, sumLanes } from './vector';

/**
 * Takes of `count` rows of `x` and of `y`, `cols` entries each, row by row, ‖x‖², ‖y‖², x·y and ‖x − y‖² into `sums`
 * [count, 4]. Every row is first taken less its centre: the mean [cols], then the residual that follows it. Entries
 * have `bytes` bytes.
 */
export function rowPairSums(
  x: usize,
  y: usize,
  bytes: u32,
  count: u32,
  cols: u32,
  xCentre: usize,
  yCentre: usize,
  sums: usize,
): void {
  if (bytes === 4) eachRow<f32>(x, y, count, cols, xCentre, yCentre, sums);
  else eachRow<f64>(x, y, count, cols, xCentre, yCentre, sums);
}

function eachRow<T>(
  x: usize,
  y: usize,
  count: u32,
  cols: u32,
  xCentre: usize,
  yCentre: usize,
  sums: usize,
): void {
  for (let i: u32 = 0; i < count; i++, sums += 32) {
    sumRow<T>(x, y, cols, xCentre, yCentre, sums);
    x += (cols as usize) * sizeof<T>();
    y += (cols as usize) * sizeof<T>();
  }
}

/** Reads two entries less mean and residual, the residual `gap` bytes behind the mean. */
function centred<T>(at: usize, mean: usize, gap: usize): v128 {
  return f64x2.sub(f64x2.sub(pair<T>(at), v128.load(mean)), v128.load(mean + gap));
}

/** Sums one row, two vectors at a time: eight running sums, so that no addition waits for the one before it. */
function sumRow<T>(x: usize, y: usize, cols: u32, xMean: usize, yMean: usize, sums: usize): void {
  const gap = (cols as usize) * 8;
  let xx0 = f64x2.splat(0);
  let xx1 = f64x2.splat(0);
  let yy0 = f64x2.splat(0);
  let yy1 = f64x2.splat(0);
  let xy0 = f64x2.splat(0);
  let xy1 = f64x2.splat(0);
  let dd0 = f64x2.splat(0);
  let dd1 = f64x2.splat(0);
  let j: u32 = 0;
  for (; j + 4 <= cols; j += 4) {
    let a = centred<T>(x, xMean, gap);
    let b = centred<T>(y, yMean, gap);
    xx0 = addProduct(a, a, xx0);
    yy0 = addProduct(b, b, yy0);
    xy0 = addProduct(a, b, xy0);
    let d = f64x2.sub(a, b);
    dd0 = addProduct(d, d, dd0);
    a = centred<T>(x + 2 * sizeof<T>(), xMean + 16, gap);
    b = centred<T>(y + 2 * sizeof<T>(), yMean + 16, gap);
    xx1 = addProduct(a, a, xx1);
    yy1 = addProduct(b, b, yy1);
    xy1 = addProduct(a, b, xy1);
    d = f64x2.sub(a, b);
    dd1 = addProduct(d, d, dd1);
    x += 4 * sizeof<T>();
    y += 4 * sizeof<T>();
    xMean += 32;
    yMean += 32;
  }
  let xx = sumLanes(f64x2.add(xx0, xx1));
  let yy = sumLanes(f64x2.add(yy0, yy1));
  let xy = sumLanes(f64x2.add(xy0, xy1));
  let dd = sumLanes(f64x2.add(dd0, dd1));
  for (; j < cols; j++) {
    const a = one<T>(x) - load<f64>(xMean) - load<f64>(xMean + gap);
    const b = one<T>(y) - load<f64>(yMean) - load<f64>(yMean + gap);
    xx += a * a;
    yy += b * b;
    xy += a * b;
    dd += (a - b) * (a - b);
    x += sizeof<T>();
    y += sizeof<T>();
    xMean += 8;
    yMean += 8;
  }
  store<f64>(sums, xx);
  store<f64>(sums, yy, 8);
  store<f64>(sums, xy, 16);
  store<f64>(sums, dd, 24);
}
