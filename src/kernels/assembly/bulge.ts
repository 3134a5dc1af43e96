import { head, reflect } from './reflector';
import { addFourScaled, addProduct, addScaled, subtractProduct, sumLanes } from './vector';

/**
 * A symmetric band matrix to a tridiagonal one with the same eigenvalues (Schwarz 1968, with reflectors as Bischof,
 * Lang & Sun 2000): each column's reflector spoils the band further down, where others mend it, `width` rows a step.
 * `band` is as `reduceToBand` leaves it, and is spoiled; `work` holds 3 · width float64.
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
    const tau = reflect(work, rows);
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

/** D ← H D H of the lower triangle at `d`, by a rank-two update. */
function turnDiagonalBlock(d: usize, across: usize, n: u32, tau: f64, v: usize, w: usize): void {
  memory.fill(w, 0, (n as usize) * 8);
  let column = d;
  for (let q: u32 = 0; q < n; q++, column += across) {
    const o = (q as usize) * 8;
    const vq = load<f64>(v + o);
    const s = multiplyColumn(column + o + 8, vq, v + o + 8, w + o + 8, n - q - 1);
    store<f64>(w + o, load<f64>(w + o) + s + load<f64>(column + o) * vq);
  }
  let along: f64 = 0;
  const end = (n as usize) * 8;
  for (let o: usize = 0; o < end; o += 8) along += load<f64>(w + o) * load<f64>(v + o);
  const half = 0.5 * tau * tau * along;
  for (let o: usize = 0; o < end; o += 8) store<f64>(w + o, tau * load<f64>(w + o) - half * load<f64>(v + o));
  column = d;
  for (let q: u32 = 0; q < n; q++, column += across) {
    const o = (q as usize) * 8;
    const vq = load<f64>(v + o);
    const wq = load<f64>(w + o);
    subtractTwo(column + o, wq, v + o, vq, w + o, n - q);
  }
}

/** y += f · d, and Σ d_p x_p, over n entries. */
function multiplyColumn(d: usize, f: f64, x: usize, y: usize, n: u32): f64 {
  const factor = f64x2.splat(f);
  let sums = f64x2.splat(0);
  const even = ((n & ~1) as usize) * 8;
  let o: usize = 0;
  for (; o < even; o += 16) {
    const value = v128.load(d + o);
    v128.store(y + o, addProduct(value, factor, v128.load(y + o)));
    sums = addProduct(value, v128.load(x + o), sums);
  }
  let sum = sumLanes(sums);
  if (n & 1) {
    const value = load<f64>(d + o);
    store<f64>(y + o, load<f64>(y + o) + value * f);
    sum += value * load<f64>(x + o);
  }
  return sum;
}

/** d −= f x + g y over n entries. */
function subtractTwo(d: usize, f: f64, x: usize, g: f64, y: usize, n: u32): void {
  const fs = f64x2.splat(f);
  const gs = f64x2.splat(g);
  const even = ((n & ~1) as usize) * 8;
  let o: usize = 0;
  for (; o < even; o += 16) {
    const value = subtractProduct(fs, v128.load(x + o), v128.load(d + o));
    v128.store(d + o, subtractProduct(gs, v128.load(y + o), value));
  }
  if (n & 1) store<f64>(d + o, load<f64>(d + o) - f * load<f64>(x + o) - g * load<f64>(y + o));
}

/**
 * B ← B H of the block at `b`, `height` rows and `cols` columns, then the reflector u that leaves of its first column
 * only the first entry, from the left. Returns τ of u.
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
  const next = reflect(u, height);
  memory.fill(b, 0, end);
  store<f64>(b, head());
  if (next === 0) memory.fill(u, 0, end);
  column = b + across;
  for (q = 1; q < cols; q++, column += across) {
    turnColumn(column, load<f64>(v + (q as usize) * 8), y, next, u, height);
  }
  return next;
}

/** d −= f y, then d −= τ (u·d) u. */
function turnColumn(d: usize, f: f64, y: usize, tau: f64, u: usize, n: u32): void {
  const fs = f64x2.splat(f);
  let sums = f64x2.splat(0);
  const even = ((n & ~1) as usize) * 8;
  let o: usize = 0;
  for (; o < even; o += 16) {
    const value = subtractProduct(fs, v128.load(y + o), v128.load(d + o));
    v128.store(d + o, value);
    sums = addProduct(value, v128.load(u + o), sums);
  }
  let along = sumLanes(sums);
  if (n & 1) {
    const value = load<f64>(d + o) - f * load<f64>(y + o);
    store<f64>(d + o, value);
    along += value * load<f64>(u + o);
  }
  const g = tau * along;
  const gs = f64x2.splat(g);
  for (o = 0; o < even; o += 16) {
    v128.store(d + o, subtractProduct(gs, v128.load(u + o), v128.load(d + o)));
  }
  if (n & 1) store<f64>(d + o, load<f64>(d + o) - g * load<f64>(u + o));
}
