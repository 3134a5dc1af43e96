import { TILE_COLS, TILE_ROWS } from './tile-shape';
import { addProduct } from './vector';

/**
 * The tiles that an engine which joins neighbouring vectors turns into 256-bit code: sums, loads and stores stand in
 * neighbouring pairs, and no more values live at once than sixteen such registers hold.
 */
const STEP_A: usize = (TILE_ROWS as usize) * 8;
const STEP_B: usize = (TILE_COLS as usize) * 8;

/**
 * Adds Σ_k a_ik b_jk of one slab, `length` entries deep, to the tile `c` of TILE_ROWS × TILE_COLS sums. Of float32, each
 * entry of `a` stands there twice, and each of `b` and `c` is a pair; a slab has sums of its own, which bounds their rounding.
 */
export function wideGramTile<T>(a: usize, b: usize, length: u32, c: usize): void {
  const anew = sizeof<T>() === 4;
  let p0 = anew ? f32x4.splat(0) : v128.load(c);
  let q0 = anew ? f32x4.splat(0) : v128.load(c, 16);
  let r0 = anew ? f32x4.splat(0) : v128.load(c, 32);
  let s0 = anew ? f32x4.splat(0) : v128.load(c, 48);
  let p1 = anew ? f32x4.splat(0) : v128.load(c, 64);
  let q1 = anew ? f32x4.splat(0) : v128.load(c, 80);
  let r1 = anew ? f32x4.splat(0) : v128.load(c, 96);
  let s1 = anew ? f32x4.splat(0) : v128.load(c, 112);
  let p2 = anew ? f32x4.splat(0) : v128.load(c, 128);
  let q2 = anew ? f32x4.splat(0) : v128.load(c, 144);
  let r2 = anew ? f32x4.splat(0) : v128.load(c, 160);
  let s2 = anew ? f32x4.splat(0) : v128.load(c, 176);
  let p3 = anew ? f32x4.splat(0) : v128.load(c, 192);
  let q3 = anew ? f32x4.splat(0) : v128.load(c, 208);
  let r3 = anew ? f32x4.splat(0) : v128.load(c, 224);
  let s3 = anew ? f32x4.splat(0) : v128.load(c, 240);
  let p4 = anew ? f32x4.splat(0) : v128.load(c, 256);
  let q4 = anew ? f32x4.splat(0) : v128.load(c, 272);
  let r4 = anew ? f32x4.splat(0) : v128.load(c, 288);
  let s4 = anew ? f32x4.splat(0) : v128.load(c, 304);
  let p5 = anew ? f32x4.splat(0) : v128.load(c, 320);
  let q5 = anew ? f32x4.splat(0) : v128.load(c, 336);
  let r5 = anew ? f32x4.splat(0) : v128.load(c, 352);
  let s5 = anew ? f32x4.splat(0) : v128.load(c, 368);
  const end = a + (length as usize) * STEP_A;
  for (; a < end; a += STEP_A, b += STEP_B) {
    const p = v128.load(b);
    const q = v128.load(b, 16);
    const r = v128.load(b, 32);
    const s = v128.load(b, 48);
    let x = v128.load64_splat(a);
    p0 = addProduct<T>(x, p, p0);
    q0 = addProduct<T>(x, q, q0);
    r0 = addProduct<T>(x, r, r0);
    s0 = addProduct<T>(x, s, s0);
    x = v128.load64_splat(a, 8);
    p1 = addProduct<T>(x, p, p1);
    q1 = addProduct<T>(x, q, q1);
    r1 = addProduct<T>(x, r, r1);
    s1 = addProduct<T>(x, s, s1);
    x = v128.load64_splat(a, 16);
    p2 = addProduct<T>(x, p, p2);
    q2 = addProduct<T>(x, q, q2);
    r2 = addProduct<T>(x, r, r2);
    s2 = addProduct<T>(x, s, s2);
    x = v128.load64_splat(a, 24);
    p3 = addProduct<T>(x, p, p3);
    q3 = addProduct<T>(x, q, q3);
    r3 = addProduct<T>(x, r, r3);
    s3 = addProduct<T>(x, s, s3);
    x = v128.load64_splat(a, 32);
    p4 = addProduct<T>(x, p, p4);
    q4 = addProduct<T>(x, q, q4);
    r4 = addProduct<T>(x, r, r4);
    s4 = addProduct<T>(x, s, s4);
    x = v128.load64_splat(a, 40);
    p5 = addProduct<T>(x, p, p5);
    q5 = addProduct<T>(x, q, q5);
    r5 = addProduct<T>(x, r, r5);
    s5 = addProduct<T>(x, s, s5);
  }
  v128.store(c, p0);
  v128.store(c, q0, 16);
  v128.store(c, r0, 32);
  v128.store(c, s0, 48);
  v128.store(c, p1, 64);
  v128.store(c, q1, 80);
  v128.store(c, r1, 96);
  v128.store(c, s1, 112);
  v128.store(c, p2, 128);
  v128.store(c, q2, 144);
  v128.store(c, r2, 160);
  v128.store(c, s2, 176);
  v128.store(c, p3, 192);
  v128.store(c, q3, 208);
  v128.store(c, r3, 224);
  v128.store(c, s3, 240);
  v128.store(c, p4, 256);
  v128.store(c, q4, 272);
  v128.store(c, r4, 288);
  v128.store(c, s4, 304);
  v128.store(c, p5, 320);
  v128.store(c, q5, 336);
  v128.store(c, r5, 352);
  v128.store(c, s5, 368);
}

/** Adds Σ_k (a_ik − b_jk)² of one slab to the tile `c`, one half of its columns after the other. */
export function wideDifferenceTile(a: usize, b: usize, length: u32, c: usize): void {
  addHalf(a, b, length, c);
  addHalf(a, b + 32, length, c + 32);
}

function addHalf(a: usize, b: usize, length: u32, c: usize): void {
  let p0 = v128.load(c);
  let q0 = v128.load(c, 16);
  let p1 = v128.load(c, 64);
  let q1 = v128.load(c, 80);
  let p2 = v128.load(c, 128);
  let q2 = v128.load(c, 144);
  let p3 = v128.load(c, 192);
  let q3 = v128.load(c, 208);
  let p4 = v128.load(c, 256);
  let q4 = v128.load(c, 272);
  let p5 = v128.load(c, 320);
  let q5 = v128.load(c, 336);
  const end = a + (length as usize) * STEP_A;
  for (; a < end; a += STEP_A, b += STEP_B) {
    const p = v128.load(b);
    const q = v128.load(b, 16);
    let x = v128.load64_splat(a);
    let d = f64x2.sub(x, p);
    let e = f64x2.sub(x, q);
    p0 = addProduct(d, d, p0);
    q0 = addProduct(e, e, q0);
    x = v128.load64_splat(a, 8);
    d = f64x2.sub(x, p);
    e = f64x2.sub(x, q);
    p1 = addProduct(d, d, p1);
    q1 = addProduct(e, e, q1);
    x = v128.load64_splat(a, 16);
    d = f64x2.sub(x, p);
    e = f64x2.sub(x, q);
    p2 = addProduct(d, d, p2);
    q2 = addProduct(e, e, q2);
    x = v128.load64_splat(a, 24);
    d = f64x2.sub(x, p);
    e = f64x2.sub(x, q);
    p3 = addProduct(d, d, p3);
    q3 = addProduct(e, e, q3);
    x = v128.load64_splat(a, 32);
    d = f64x2.sub(x, p);
    e = f64x2.sub(x, q);
    p4 = addProduct(d, d, p4);
    q4 = addProduct(e, e, q4);
    x = v128.load64_splat(a, 40);
    d = f64x2.sub(x, p);
    e = f64x2.sub(x, q);
    p5 = addProduct(d, d, p5);
    q5 = addProduct(e, e, q5);
  }
  v128.store(c, p0);
  v128.store(c, q0, 16);
  v128.store(c, p1, 64);
  v128.store(c, q1, 80);
  v128.store(c, p2, 128);
  v128.store(c, q2, 144);
  v128.store(c, p3, 192);
  v128.store(c, q3, 208);
  v128.store(c, p4, 256);
  v128.store(c, q4, 272);
  v128.store(c, p5, 320);
  v128.store(c, q5, 336);
}
