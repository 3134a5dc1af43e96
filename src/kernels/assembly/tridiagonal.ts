import { head, reflect } from './reflector';
import { addProduct, dot, subtractProduct, sumLanes } from './vector';

/** Counts the float64 beside the matrix: four vectors, and room for the rows by which the matrix comes. */
export function tridiagonalWork(stride: u32): u32 {
  return 20 * stride;
}

/**
 * Reduces the symmetric matrix whose lower triangle is at `a`, rows `stride` float64 apart, to a tridiagonal one with
 * the same eigenvalues, the last row first: `diagonal` [n] and `off` [n − 1] begin with its entries. Each step reads
 * and writes the triangle once, for the update that the step before left and the product of its own (Van Zee, van de
 * Geijn & Quintana-Ortí 2014). It is a call of its own, so that an engine may go on with better code than it began with.
 */
export function tridiagonalise(
  a: usize,
  n: u32,
  stride: u32,
  diagonal: usize,
  off: usize,
  work: usize,
): void {
  const bytes = (stride as usize) * 8;
  let v = work;
  let w = v + bytes;
  let x = w + bytes;
  let y = x + bytes;
  memory.fill(v, 0, 2 * bytes);
  for (let r = n - 1; r > 0; r--, diagonal += 8, off += 8) {
    reduceRow(a, r, bytes, diagonal, off, v, w, x, y);
    let other = v;
    v = x;
    x = other;
    other = w;
    w = y;
    y = other;
  }
  store<f64>(diagonal, load<f64>(a) - 2 * load<f64>(v) * load<f64>(w));
}

/**
 * Reduces row `r`, the last that is left: takes v wᵀ + w vᵀ from it and all before it, which is what the row after it
 * left to do, and leaves what it has itself to be taken from those in `x` and `y`.
 */
function reduceRow(
  a: usize,
  r: u32,
  stride: usize,
  diagonal: usize,
  off: usize,
  v: usize,
  w: usize,
  x: usize,
  y: usize,
): void {
  const last = (r as usize) * 8;
  takeOneRow(a + (r as usize) * stride, x, last + 8, v, w, last);
  store<f64>(diagonal, load<f64>(x + last));
  const tau = reflect(x + last - 8, x, r);
  store<f64>(off, head());
  if (tau === 0) memory.fill(x, 0, last);
  memory.fill(y, 0, last);
  updateAndMultiply(a, r, stride, v, w, x, y);
  const half = f64x2.splat(0.5 * tau * tau * dot(x, y, r));
  const factor = f64x2.splat(tau);
  for (let o: usize = 0; o < last; o += 16) {
    v128.store(y + o, subtractProduct(half, v128.load(x + o), f64x2.mul(factor, v128.load(y + o))));
  }
}

/** Writes the first `bytes` bytes of a row less its part of v wᵀ + w vᵀ to `to`; `at` is the row's place in v and w. */
function takeOneRow(row: usize, to: usize, bytes: usize, v: usize, w: usize, at: usize): void {
  const vr = v128.load64_splat(v + at);
  const wr = v128.load64_splat(w + at);
  for (let o: usize = 0; o < bytes; o += 16) {
    const left = subtractProduct(vr, v128.load(w + o), v128.load(row + o));
    v128.store(to + o, subtractProduct(wr, v128.load(v + o), left));
  }
}

/** Takes v wᵀ + w vᵀ from the lower triangle of order `n`, and adds to y its product with x. */
function updateAndMultiply(a: usize, n: u32, stride: usize, v: usize, w: usize, x: usize, y: usize): void {
  let i: u32 = 0;
  for (; i + 2 <= n; i += 2, a += 2 * stride) doTwoRows(a, stride, (i as usize) * 8, v, w, x, y);
  if (i === n) return;
  const o = (i as usize) * 8;
  takeOneRow(a, a, o + 8, v, w, o);
  const xi = load<f64>(x + o);
  let sum = f64x2.splat(0);
  const factor = f64x2.splat(xi);
  for (let j: usize = 0; j < o; j += 16) {
    const row = v128.load(a + j);
    sum = addProduct(row, v128.load(x + j), sum);
    v128.store(y + j, addProduct(row, factor, v128.load(y + j)));
  }
  store<f64>(y + o, load<f64>(y + o) + sumLanes(sum) + load<f64>(a + o) * xi);
}

/** Takes its part of v wᵀ + w vᵀ from two entries of a row, whose own in v and w are given; returns what is left. */
function take(at: usize, v: v128, w: v128, vj: v128, wj: v128): v128 {
  const left = subtractProduct(w, vj, subtractProduct(v, wj, v128.load(at)));
  v128.store(at, left);
  return left;
}

/** Does both for two rows, the first of `end` bytes before its diagonal. */
function doTwoRows(a: usize, stride: usize, end: usize, v: usize, w: usize, x: usize, y: usize): void {
  const b = a + stride;
  const v0 = v128.load64_splat(v + end);
  const v1 = v128.load64_splat(v + end, 8);
  const w0 = v128.load64_splat(w + end);
  const w1 = v128.load64_splat(w + end, 8);
  const x0 = v128.load64_splat(x + end);
  const x1 = v128.load64_splat(x + end, 8);
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  for (let o: usize = 0; o < end; o += 16) {
    const wj = v128.load(w + o);
    const vj = v128.load(v + o);
    const xj = v128.load(x + o);
    const p = take(a + o, v0, w0, vj, wj);
    const q = take(b + o, v1, w1, vj, wj);
    s0 = addProduct(p, xj, s0);
    s1 = addProduct(q, xj, s1);
    v128.store(y + o, addProduct(q, x1, addProduct(p, x0, v128.load(y + o))));
  }
  // What is above the diagonal is the same again, and may be spoiled.
  const wj = v128.load(w + end);
  const vj = v128.load(v + end);
  const xj = v128.load(x + end);
  const q = take(b + end, v1, w1, vj, wj);
  const p = v128.shuffle<i64>(take(a + end, v0, w0, vj, wj), q, 0, 2);
  s0 = addProduct(p, xj, s0);
  s1 = addProduct(q, xj, s1);
  store<f64>(y + end, load<f64>(y + end) + sumLanes(s0));
  store<f64>(y + end, load<f64>(y + end, 8) + sumLanes(s1), 8);
}
