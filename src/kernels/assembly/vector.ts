/** a·b + c, fused where the module may. */
export function addProduct(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f64x2.relaxed_madd(a, b, c) : f64x2.add(c, f64x2.mul(a, b));
}

/** c − a·b, fused where the module may. */
export function subtractProduct(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f64x2.relaxed_nmadd(a, b, c) : f64x2.sub(c, f64x2.mul(a, b));
}

export function sumLanes(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}

/** Σ a_k b_k over n float64 at any alignment. */
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

/** y += factor · x over n float64 at any alignment. */
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
