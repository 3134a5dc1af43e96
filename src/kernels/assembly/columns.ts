import { addProduct, one, pair } from './vector';

/**
 * Takes `count` rows of `x`, `cols` entries of `bytes` bytes each, into what is known of the columns: adds the
 * entries less `origin` to `sums`, and widens `low … high`. Of 0 and -0 the first counts. All but `x` are [cols].
 */
export function surveyColumns(
  x: usize,
  bytes: u32,
  count: u32,
  cols: u32,
  origin: usize,
  sums: usize,
  low: usize,
  high: usize,
): void {
  if (bytes === 4) survey<f32>(x, count, cols, origin, sums, low, high);
  else survey<f64>(x, count, cols, origin, sums, low, high);
}

function survey<T>(
  x: usize,
  count: u32,
  cols: u32,
  origin: usize,
  sums: usize,
  low: usize,
  high: usize,
): void {
  const row = (cols as usize) * sizeof<T>();
  let i: u32 = 0;
  for (; i + 4 <= count; i += 4, x += 4 * row) surveyFour<T>(x, row, cols, origin, sums, low, high);
  for (; i < count; i++, x += row) {
    for (let j: u32 = 0; j < cols; j++) surveyOne<T>(x, j, origin, sums, low, high);
  }
}

function surveyFour<T>(
  x: usize,
  row: usize,
  cols: u32,
  origin: usize,
  sums: usize,
  low: usize,
  high: usize,
): void {
  const even = cols & ~1;
  let at = x;
  for (let j: u32 = 0; j < even; j += 2, at += 2 * sizeof<T>()) {
    const o = (j as usize) << 3;
    const first = v128.load(origin + o);
    const a = pair<T>(at);
    const b = pair<T>(at + row);
    const c = pair<T>(at + 2 * row);
    const d = pair<T>(at + 3 * row);
    const ab = f64x2.add(f64x2.sub(a, first), f64x2.sub(b, first));
    const cd = f64x2.add(f64x2.sub(c, first), f64x2.sub(d, first));
    v128.store(sums + o, f64x2.add(v128.load(sums + o), f64x2.add(ab, cd)));
    const least = f64x2.pmin(f64x2.pmin(a, b), f64x2.pmin(c, d));
    v128.store(low + o, f64x2.pmin(v128.load(low + o), least));
    const most = f64x2.pmax(f64x2.pmax(a, b), f64x2.pmax(c, d));
    v128.store(high + o, f64x2.pmax(v128.load(high + o), most));
  }
  if (even === cols) return;
  for (let i: u32 = 0; i < 4; i++, x += row) surveyOne<T>(x, even, origin, sums, low, high);
}

function surveyOne<T>(x: usize, j: u32, origin: usize, sums: usize, low: usize, high: usize): void {
  const o = (j as usize) << 3;
  const value = one<T>(x + (j as usize) * sizeof<T>());
  store<f64>(sums + o, load<f64>(sums + o) + (value - load<f64>(origin + o)));
  if (value < load<f64>(low + o)) store<f64>(low + o, value);
  if (value > load<f64>(high + o)) store<f64>(high + o, value);
}

/** Adds x − mean to `sums` and its square to `squares`; rows as in `surveyColumns`. */
export function columnMoments(
  x: usize,
  bytes: u32,
  count: u32,
  cols: u32,
  mean: usize,
  sums: usize,
  squares: usize,
): void {
  if (bytes === 4) moments<f32>(x, count, cols, mean, sums, squares);
  else moments<f64>(x, count, cols, mean, sums, squares);
}

function moments<T>(x: usize, count: u32, cols: u32, mean: usize, sums: usize, squares: usize): void {
  const row = (cols as usize) * sizeof<T>();
  let i: u32 = 0;
  for (; i + 4 <= count; i += 4, x += 4 * row) momentsOfFour<T>(x, row, cols, mean, sums, squares);
  for (; i < count; i++, x += row) {
    for (let j: u32 = 0; j < cols; j++) momentsOfOne<T>(x, j, mean, sums, squares);
  }
}

function momentsOfFour<T>(x: usize, row: usize, cols: u32, mean: usize, sums: usize, squares: usize): void {
  const even = cols & ~1;
  let at = x;
  for (let j: u32 = 0; j < even; j += 2, at += 2 * sizeof<T>()) {
    const o = (j as usize) << 3;
    const m = v128.load(mean + o);
    const a = f64x2.sub(pair<T>(at), m);
    const b = f64x2.sub(pair<T>(at + row), m);
    const c = f64x2.sub(pair<T>(at + 2 * row), m);
    const d = f64x2.sub(pair<T>(at + 3 * row), m);
    v128.store(sums + o, f64x2.add(v128.load(sums + o), f64x2.add(f64x2.add(a, b), f64x2.add(c, d))));
    const ab = addProduct(a, a, f64x2.mul(b, b));
    const cd = addProduct(c, c, f64x2.mul(d, d));
    v128.store(squares + o, f64x2.add(v128.load(squares + o), f64x2.add(ab, cd)));
  }
  if (even === cols) return;
  for (let i: u32 = 0; i < 4; i++, x += row) momentsOfOne<T>(x, even, mean, sums, squares);
}

function momentsOfOne<T>(x: usize, j: u32, mean: usize, sums: usize, squares: usize): void {
  const o = (j as usize) << 3;
  const d = one<T>(x + (j as usize) * sizeof<T>()) - load<f64>(mean + o);
  store<f64>(sums + o, load<f64>(sums + o) + d);
  store<f64>(squares + o, load<f64>(squares + o) + d * d);
}

/** Adds (x − xMean)(y − yMean) to `sums`; rows of both as in `surveyColumns`. */
export function columnProducts(
  x: usize,
  y: usize,
  bytes: u32,
  count: u32,
  cols: u32,
  xMean: usize,
  yMean: usize,
  sums: usize,
): void {
  if (bytes === 4) products<f32>(x, y, count, cols, xMean, yMean, sums);
  else products<f64>(x, y, count, cols, xMean, yMean, sums);
}

function products<T>(
  x: usize,
  y: usize,
  count: u32,
  cols: u32,
  xMean: usize,
  yMean: usize,
  sums: usize,
): void {
  const row = (cols as usize) * sizeof<T>();
  const even = cols & ~1;
  let i: u32 = 0;
  for (; i + 2 <= count; i += 2, x += 2 * row, y += 2 * row) {
    let at: usize = 0;
    for (let j: u32 = 0; j < even; j += 2, at += 2 * sizeof<T>()) {
      const o = (j as usize) << 3;
      const m = v128.load(xMean + o);
      const n = v128.load(yMean + o);
      const a = f64x2.mul(f64x2.sub(pair<T>(x + at), m), f64x2.sub(pair<T>(y + at), n));
      const both = addProduct(f64x2.sub(pair<T>(x + at + row), m), f64x2.sub(pair<T>(y + at + row), n), a);
      v128.store(sums + o, f64x2.add(v128.load(sums + o), both));
    }
    if (even === cols) continue;
    addProductOfOne<T>(x, y, even, xMean, yMean, sums);
    addProductOfOne<T>(x + row, y + row, even, xMean, yMean, sums);
  }
  if (i < count) for (let j: u32 = 0; j < cols; j++) addProductOfOne<T>(x, y, j, xMean, yMean, sums);
}

function addProductOfOne<T>(x: usize, y: usize, j: u32, xMean: usize, yMean: usize, sums: usize): void {
  const o = (j as usize) << 3;
  const k = (j as usize) * sizeof<T>();
  const product = (one<T>(x + k) - load<f64>(xMean + o)) * (one<T>(y + k) - load<f64>(yMean + o));
  store<f64>(sums + o, load<f64>(sums + o) + product);
}
