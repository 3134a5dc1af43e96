import { TILE_ROWS } from './tile-shape';
import { addProduct } from './vector';

/**
 * Adds Σ_k a_ik b_jk of one slab, `length` entries deep, to the tile `c` of TILE_ROWS × TILE_COLS sums. Of float32, each
 * entry of `a` stands there twice, and each of `b` and `c` is a pair; a slab has sums of its own, which bounds their rounding.
 */
export function narrowGramTile<T>(a: usize, b: usize, length: u32, c: usize): void {
  const anew = sizeof<T>() === 4;
  let p0 = anew ? f32x4.splat(0) : v128.load(c);
  let q0 = anew ? f32x4.splat(0) : v128.load(c, 16);
  let p1 = anew ? f32x4.splat(0) : v128.load(c, 32);
  let q1 = anew ? f32x4.splat(0) : v128.load(c, 48);
  let p2 = anew ? f32x4.splat(0) : v128.load(c, 64);
  let q2 = anew ? f32x4.splat(0) : v128.load(c, 80);
  let p3 = anew ? f32x4.splat(0) : v128.load(c, 96);
  let q3 = anew ? f32x4.splat(0) : v128.load(c, 112);
  let p4 = anew ? f32x4.splat(0) : v128.load(c, 128);
  let q4 = anew ? f32x4.splat(0) : v128.load(c, 144);
  let p5 = p0;
  let q5 = q0;
  if (TILE_ROWS > 5) {
    p5 = anew ? f32x4.splat(0) : v128.load(c, 160);
    q5 = anew ? f32x4.splat(0) : v128.load(c, 176);
  }
  const end = a + (length as usize) * (TILE_ROWS as usize) * 8;
  for (; a < end; a += (TILE_ROWS as usize) * 8, b += 32) {
    const p = v128.load(b);
    const q = v128.load(b, 16);
    let x = v128.load64_splat(a);
    p0 = addProduct<T>(x, p, p0);
    q0 = addProduct<T>(x, q, q0);
    x = v128.load64_splat(a, 8);
    p1 = addProduct<T>(x, p, p1);
    q1 = addProduct<T>(x, q, q1);
    x = v128.load64_splat(a, 16);
    p2 = addProduct<T>(x, p, p2);
    q2 = addProduct<T>(x, q, q2);
    x = v128.load64_splat(a, 24);
    p3 = addProduct<T>(x, p, p3);
    q3 = addProduct<T>(x, q, q3);
    x = v128.load64_splat(a, 32);
    p4 = addProduct<T>(x, p, p4);
    q4 = addProduct<T>(x, q, q4);
    if (TILE_ROWS > 5) {
      x = v128.load64_splat(a, 40);
      p5 = addProduct<T>(x, p, p5);
      q5 = addProduct<T>(x, q, q5);
    }
  }
  v128.store(c, p0);
  v128.store(c, q0, 16);
  v128.store(c, p1, 32);
  v128.store(c, q1, 48);
  v128.store(c, p2, 64);
  v128.store(c, q2, 80);
  v128.store(c, p3, 96);
  v128.store(c, q3, 112);
  v128.store(c, p4, 128);
  v128.store(c, q4, 144);
  if (TILE_ROWS > 5) {
    v128.store(c, p5, 160);
    v128.store(c, q5, 176);
  }
}

/** Adds Σ_k (a_ik − b_jk)² of one slab to the tile `c`. */
export function narrowDifferenceTile(a: usize, b: usize, length: u32, c: usize): void {
  let p0 = v128.load(c);
  let q0 = v128.load(c, 16);
  let p1 = v128.load(c, 32);
  let q1 = v128.load(c, 48);
  let p2 = v128.load(c, 64);
  let q2 = v128.load(c, 80);
  let p3 = v128.load(c, 96);
  let q3 = v128.load(c, 112);
  let p4 = v128.load(c, 128);
  let q4 = v128.load(c, 144);
  let p5 = p0;
  let q5 = q0;
  if (TILE_ROWS > 5) {
    p5 = v128.load(c, 160);
    q5 = v128.load(c, 176);
  }
  const end = a + (length as usize) * (TILE_ROWS as usize) * 8;
  for (; a < end; a += (TILE_ROWS as usize) * 8, b += 32) {
    const p = v128.load(b);
    const q = v128.load(b, 16);
    let x = v128.load64_splat(a);
    let d = f64x2.sub(x, p);
    p0 = addProduct(d, d, p0);
    d = f64x2.sub(x, q);
    q0 = addProduct(d, d, q0);
    x = v128.load64_splat(a, 8);
    d = f64x2.sub(x, p);
    p1 = addProduct(d, d, p1);
    d = f64x2.sub(x, q);
    q1 = addProduct(d, d, q1);
    x = v128.load64_splat(a, 16);
    d = f64x2.sub(x, p);
    p2 = addProduct(d, d, p2);
    d = f64x2.sub(x, q);
    q2 = addProduct(d, d, q2);
    x = v128.load64_splat(a, 24);
    d = f64x2.sub(x, p);
    p3 = addProduct(d, d, p3);
    d = f64x2.sub(x, q);
    q3 = addProduct(d, d, q3);
    x = v128.load64_splat(a, 32);
    d = f64x2.sub(x, p);
    p4 = addProduct(d, d, p4);
    d = f64x2.sub(x, q);
    q4 = addProduct(d, d, q4);
    if (TILE_ROWS > 5) {
      x = v128.load64_splat(a, 40);
      d = f64x2.sub(x, p);
      p5 = addProduct(d, d, p5);
      d = f64x2.sub(x, q);
      q5 = addProduct(d, d, q5);
    }
  }
  v128.store(c, p0);
  v128.store(c, q0, 16);
  v128.store(c, p1, 32);
  v128.store(c, q1, 48);
  v128.store(c, p2, 64);
  v128.store(c, q2, 80);
  v128.store(c, p3, 96);
  v128.store(c, q3, 112);
  v128.store(c, p4, 128);
  v128.store(c, q4, 144);
  if (TILE_ROWS > 5) {
    v128.store(c, p5, 160);
    v128.store(c, q5, 176);
  }
}
