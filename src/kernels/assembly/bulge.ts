import { head, reflect } from './reflector';
import { addFourScaled, addProduct, addScaled, dot, subtractProduct, sumLanes } from './vector';

/**
 * Reduces a symmetric band matrix to a tridiagonal one with the same eigenvalues (Schwarz 1968, with reflectors as
 * Bischof, Lang & Sun 2000): each column's reflector spoils the band further down, where others mend it, `width` rows a
 * step. `band` is as `reduceToBand` leaves it, and is spoiled; `work` holds 3 · width float64.
 */
export function bandToTridiagonal(
  band: usize,
  n: u32,
  width: u32,
  diagonal: usize,
  off: usize,
  work: usize,
): void {
  const column = (width as usize) * 16;
  const size = (width as usize) * 8;
  for (let j: u32 = 0; j < n; j++) {
    const at = band + (j as usize) * column;
    store<f64>(diagonal + (j as usize) * 8, load<f64>(at));
    if (j + 1 === n) break;
    const rows = min(width, n - 1 - j);
    memory.copy(work, at + 8, (rows as usize) * 8);
    const tau = reflect(work, work + 8, rows);
    store<f64>(off + (j as usize) * 8, head());
    if (tau !== 0) chase(band, n, width, j + 1, rows, tau, work, work + size, work + 2 * size);
  }
}

/** Applies the reflector I − τ v vᵀ of `rows` rows from row `first` on, and mends what it spoils below. */
function chase(
  band: usize,
  n: u32,
  width: u32,
  first: u32,
  rows: u32,
  tau: f64,
  v: usize,
  u: usize,
  y: usize,
): void {
  // From an entry to its neighbour in the next column of the same row.
  const across = (width as usize) * 16 - 8;
  while (true) {
    const block = band + ((first * 2 * width) as usize) * 8;
    turnDiagonalBlock(block, across, rows, tau, v, y);
    const below = first + rows;
    if (below >= n) return;
    const height = min(width, n - below);
    const off = block + (rows as usize) * 8;
    tau = turnBlockBelow(off, across, height, rows, tau, v, u, y);
    if (tau === 0) return;
    const spare = v;
    v = u;
    u = spare;
    first = below;
    rows = height;
  }
}

/** Sets D to H D H, the lower triangle at `d`, by a rank-two update. */
function turnDiagonalBlock(d: usize, across: usize, n: u32, tau: f64, v: usize, w: usize): void {
  const end = (n as usize) * 8;
  const even = ((n & ~1) as usize) * 8;
  memory.fill(w, 0, end);
  let column = d;
  let o: usize = 0;
  for (; o < even; o += 16, column += 2 * across) {
    multiplyTwoColumns(column + o, across, v + o, w + o, n - ((o >> 3) as u32));
  }
  if (n & 1) store<f64>(w + o, load<f64>(w + o) + load<f64>(column + o) * load<f64>(v + o));
  const half = 0.5 * tau * tau * dot(w, v, n);
  for (o = 0; o < end; o += 8) store<f64>(w + o, tau * load<f64>(w + o) - half * load<f64>(v + o));
  column = d;
  for (o = 0; o < even; o += 16, column += 2 * across) {
    updateTwoColumns(column + o, across, v + o, w + o, n - ((o >> 3) as u32));
  }
  if (n & 1) store<f64>(column + o, load<f64>(column + o) - 2 * load<f64>(v + o) * load<f64>(w + o));
}

/** Adds to w = D v what the first two columns of a lower triangle of `n` rows, and their mirror images, give. */
function multiplyTwoColumns(d: usize, across: usize, v: usize, w: usize, n: u32): void {
  const e = d + across;
  const v0 = load<f64>(v);
  const v1 = load<f64>(v, 8);
  const f = f64x2.splat(v0);
  const g = f64x2.splat(v1);
  let p = f64x2.splat(0);
  let q = f64x2.splat(0);
  const even = ((n & ~1) as usize) * 8;
  let o: usize = 16;
  for (; o < even; o += 16) {
    const a = v128.load(d + o);
    const b = v128.load(e + o);
    const x = v128.load(v + o);
    v128.store(w + o, addProduct(b, g, addProduct(a, f, v128.load(w + o))));
    p = addProduct(a, x, p);
    q = addProduct(b, x, q);
  }
  let s = sumLanes(p);
  let t = sumLanes(q);
  if (n & 1) {
    const a = load<f64>(d + o);
    const b = load<f64>(e + o);
    store<f64>(w + o, load<f64>(w + o) + a * v0 + b * v1);
    s += a * load<f64>(v + o);
    t += b * load<f64>(v + o);
  }
  const below = load<f64>(d, 8);
  store<f64>(w, load<f64>(w) + s + load<f64>(d) * v0 + below * v1);
  store<f64>(w, load<f64>(w, 8) + t + below * v0 + load<f64>(e, 8) * v1, 8);
}

/** Takes v wᵀ + w vᵀ from the first two columns of the same. */
function updateTwoColumns(d: usize, across: usize, v: usize, w: usize, n: u32): void {
  const e = d + across;
  const v0 = load<f64>(v);
  const v1 = load<f64>(v, 8);
  const w0 = load<f64>(w);
  const w1 = load<f64>(w, 8);
  store<f64>(d, load<f64>(d) - 2 * v0 * w0);
  store<f64>(d, load<f64>(d, 8) - v1 * w0 - w1 * v0, 8);
  store<f64>(e, load<f64>(e, 8) - 2 * v1 * w1, 8);
  const f = f64x2.splat(v0);
  const g = f64x2.splat(v1);
  const h = f64x2.splat(w0);
  const i = f64x2.splat(w1);
  const even = ((n & ~1) as usize) * 8;
  let o: usize = 16;
  for (; o < even; o += 16) {
    const x = v128.load(v + o);
    const y = v128.load(w + o);
    v128.store(d + o, subtractProduct(f, y, subtractProduct(h, x, v128.load(d + o))));
    v128.store(e + o, subtractProduct(g, y, subtractProduct(i, x, v128.load(e + o))));
  }
  if (!(n & 1)) return;
  store<f64>(d + o, load<f64>(d + o) - w0 * load<f64>(v + o) - v0 * load<f64>(w + o));
  store<f64>(e + o, load<f64>(e + o) - w1 * load<f64>(v + o) - v1 * load<f64>(w + o));
}

/**
 * Sets B to B H, the block at `b` of `height` rows and `cols` columns, then applies from the left the reflector u that
 * leaves of its first column only the first entry. Returns τ of u.
 */
function turnBlockBelow(
  b: usize,
  across: usize,
  height: u32,
  cols: u32,
  tau: f64,
  v: usize,
  u: usize,
  y: usize,
): f64 {
  memory.fill(y, 0, (height as usize) * 8);
  let column = b;
  let q: u32 = 0;
  for (; q + 4 <= cols; q += 4, column += 4 * across)
    addFourScaled(column, across, v + (q as usize) * 8, y, height);
  for (; q < cols; q++, column += across) addScaled(load<f64>(v + (q as usize) * 8), column, y, height);
  // v begins with 1.
  const end = (height as usize) * 8;
  for (let o: usize = 0; o < end; o += 8) {
    const product = tau * load<f64>(y + o);
    store<f64>(y + o, product);
    store<f64>(u + o, load<f64>(b + o) - product);
  }
  const next = reflect(u, u + 8, height);
  memory.fill(b, 0, end);
  store<f64>(b, head());
  if (next === 0) memory.fill(u, 0, end);
  column = b + across;
  for (q = 1; q + 2 <= cols; q += 2, column += 2 * across) {
    turnTwoColumns(column, column + across, v + (q as usize) * 8, y, next, u, height);
  }
  // A last one by itself is turned twice at once: both write the same.
  if (q < cols) turnTwoColumns(column, column, v + (q as usize) * 8, y, next, u, height);
  return next;
}

/** Takes from the columns at `d` and `e` the two float64 at `f` times y, and reflects that by u. */
function turnTwoColumns(d: usize, e: usize, f: usize, y: usize, tau: f64, u: usize, n: u32): void {
  const f0 = load<f64>(f);
  const f1 = e === d ? f0 : load<f64>(f, 8);
  const fs = f64x2.splat(f0);
  const gs = f64x2.splat(f1);
  let p = f64x2.splat(0);
  let q = f64x2.splat(0);
  const even = ((n & ~1) as usize) * 8;
  let o: usize = 0;
  for (; o < even; o += 16) {
    const yo = v128.load(y + o);
    const uo = v128.load(u + o);
    p = addProduct(subtractProduct(fs, yo, v128.load(d + o)), uo, p);
    q = addProduct(subtractProduct(gs, yo, v128.load(e + o)), uo, q);
  }
  let s = sumLanes(p);
  let t = sumLanes(q);
  if (n & 1) {
    s += (load<f64>(d + o) - f0 * load<f64>(y + o)) * load<f64>(u + o);
    t += (load<f64>(e + o) - f1 * load<f64>(y + o)) * load<f64>(u + o);
  }
  s *= tau;
  t *= tau;
  const ss = f64x2.splat(s);
  const ts = f64x2.splat(t);
  for (o = 0; o < even; o += 16) {
    const yo = v128.load(y + o);
    const uo = v128.load(u + o);
    const a = v128.load(d + o);
    const b = v128.load(e + o);
    v128.store(d + o, subtractProduct(ss, uo, subtractProduct(fs, yo, a)));
    v128.store(e + o, subtractProduct(ts, uo, subtractProduct(gs, yo, b)));
  }
  if (!(n & 1)) return;
  const a = load<f64>(d + o);
  const b = load<f64>(e + o);
  store<f64>(d + o, a - f0 * load<f64>(y + o) - s * load<f64>(u + o));
  store<f64>(e + o, b - f1 * load<f64>(y + o) - t * load<f64>(u + o));
}
