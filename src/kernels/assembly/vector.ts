/** Added to a number of up to 2^51 in size, it leaves the nearest whole number in the lowest bits. */
export const TO_WHOLE: f64 = 6755399441055744;

/** Reads two entries of type T as float64. */
export function pair<T>(at: usize): v128 {
  return sizeof<T>() === 4 ? f64x2.promote_low_f32x4(v128.load64_zero(at)) : v128.load(at);
}

/** Reads one entry of type T as float64. */
export function one<T>(at: usize): f64 {
  return load<T>(at) as f64;
}

/** Returns a·b + c, fused where the module may. */
export function addProduct<T = f64>(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? v128.relaxed_madd<T>(a, b, c) : v128.add<T>(c, v128.mul<T>(a, b));
}

/** Returns c − a·b, fused where the module may. */
export function subtractProduct(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f64x2.relaxed_nmadd(a, b, c) : f64x2.sub(c, f64x2.mul(a, b));
}

/** Sums both lanes. */
export function sumLanes(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}

/** Sums a_k b_k over n float64 at any alignment. */
export function dot(a: usize, b: usize, n: u32): f64 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  let o: usize = 0;
  const bulk = ((n & ~7) as usize) * 8;
  for (; o < bulk; o += 64) {
    s0 = addProduct(v128.load(a + o), v128.load(b + o), s0);
    s1 = addProduct(v128.load(a + o, 16), v128.load(b + o, 16), s1);
    s2 = addProduct(v128.load(a + o, 32), v128.load(b + o, 32), s2);
    s3 = addProduct(v128.load(a + o, 48), v128.load(b + o, 48), s3);
  }
  let s = sumLanes(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)));
  const end = (n as usize) * 8;
  for (; o < end; o += 8) s += load<f64>(a + o) * load<f64>(b + o);
  return s;
}

/** Adds factor · x to y over n float64 at any alignment. */
export function addScaled(factor: f64, x: usize, y: usize, n: u32): void {
  const f = f64x2.splat(factor);
  let o: usize = 0;
  const bulk = ((n & ~3) as usize) * 8;
  for (; o < bulk; o += 32) {
    v128.store(y + o, addProduct(f, v128.load(x + o), v128.load(y + o)));
    v128.store(y + o, addProduct(f, v128.load(x + o, 16), v128.load(y + o, 16)), 16);
  }
  const end = (n as usize) * 8;
  for (; o < end; o += 8) store<f64>(y + o, load<f64>(y + o) + factor * load<f64>(x + o));
}

/** Adds to y four vectors from `d` on, `across` bytes apart, each times its float64 at `f`. */
export function addFourScaled(d: usize, across: usize, f: usize, y: usize, n: u32): void {
  const d1 = d + across;
  const d2 = d1 + across;
  const d3 = d2 + across;
  const f0 = v128.load64_splat(f);
  const f1 = v128.load64_splat(f, 8);
  const f2 = v128.load64_splat(f, 16);
  const f3 = v128.load64_splat(f, 24);
  const even = ((n & ~1) as usize) * 8;
  let o: usize = 0;
  for (; o < even; o += 16) {
    let sum = addProduct(v128.load(d + o), f0, v128.load(y + o));
    sum = addProduct(v128.load(d1 + o), f1, sum);
    sum = addProduct(v128.load(d2 + o), f2, sum);
    v128.store(y + o, addProduct(v128.load(d3 + o), f3, sum));
  }
  if (!(n & 1)) return;
  const pair = load<f64>(d + o) * load<f64>(f) + load<f64>(d1 + o) * load<f64>(f, 8);
  const other = load<f64>(d2 + o) * load<f64>(f, 16) + load<f64>(d3 + o) * load<f64>(f, 24);
  store<f64>(y + o, load<f64>(y + o) + (pair + other));
}

/** Writes the products of four vectors from `d` on, `across` bytes apart, with x, to `out`. */
export function fourDots(d: usize, across: usize, x: usize, n: u32, out: usize): void {
  const d1 = d + across;
  const d2 = d1 + across;
  const d3 = d2 + across;
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  const even = ((n & ~1) as usize) * 8;
  let o: usize = 0;
  for (; o < even; o += 16) {
    const v = v128.load(x + o);
    s0 = addProduct(v128.load(d + o), v, s0);
    s1 = addProduct(v128.load(d1 + o), v, s1);
    s2 = addProduct(v128.load(d2 + o), v, s2);
    s3 = addProduct(v128.load(d3 + o), v, s3);
  }
  const last = n & 1 ? load<f64>(x + o) : 0;
  const odd = n & 1 ? o : 0;
  store<f64>(out, sumLanes(s0) + last * load<f64>(d + odd));
  store<f64>(out, sumLanes(s1) + last * load<f64>(d1 + odd), 8);
  store<f64>(out, sumLanes(s2) + last * load<f64>(d2 + odd), 16);
  store<f64>(out, sumLanes(s3) + last * load<f64>(d3 + odd), 24);
}
