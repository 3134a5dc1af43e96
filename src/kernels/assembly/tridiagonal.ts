import { head, reflect } from './reflector';
import { addProduct, addScaled, dot, subtractProduct, sumLanes } from './vector';

/** Reflectors gathered before the trailing matrix is updated with all of them. */
const PANEL: u32 = 16;

/** Counts the float64 that the reduction takes beside the matrix. */
export function tridiagonalWork(stride: u32): u32 {
  return 2 * PANEL * stride;
}

/**
 * Reduces the whole matrix at `a`, rows `stride` float64 apart, `stride` at least n + 8. Each panel is a call
 * of its own, so that an engine may go on with better code than it began with.
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
  const w = work + (PANEL as usize) * bytes;
  for (let first: u32 = 0; first < n - 1; first += PANEL) {
    tridiagonalPanel(a, n, bytes, diagonal, off, work, w, first);
  }
}

/**
 * Does one step of the reduction of the symmetric matrix whose lower triangle is at `a`, rows `stride` bytes apart, to
 * a tridiagonal one with the same eigenvalues (Dongarra, Sorensen, Hammarling 1989): the PANEL columns from `first` on,
 * then the update of what is right of them. Fills `diagonal` [n] and `off` [n − 1]; `v` and `w` hold PANEL rows of
 * `stride` bytes each.
 */
function tridiagonalPanel(
  a: usize,
  n: u32,
  stride: usize,
  diagonal: usize,
  off: usize,
  v: usize,
  w: usize,
  first: u32,
): void {
  const width = min(PANEL, n - 1 - first);
  memory.fill(v, 0, (width as usize) * stride);
  memory.fill(w, 0, (width as usize) * stride);
  for (let p: u32 = 0; p < width; p++) {
    reduceColumn(a, n, stride, first + p, p, diagonal, off, v, w);
  }
  updateTrailing(a, n, stride, first + width, width, v, w);
  const last = (n - 1) as usize;
  if (first + width === n - 1) store<f64>(diagonal + last * 8, load<f64>(a + last * stride + last * 8));
}

/** Computes a_ij as it would be had the panel's `width` updates been made. */
function updated(a: usize, stride: usize, i: u32, j: u32, width: u32, v: usize, w: usize): f64 {
  let value = load<f64>(a + (i as usize) * stride + (j as usize) * 8);
  const oi = (i as usize) * 8;
  const oj = (j as usize) * 8;
  for (let q: u32 = 0; q < width; q++, v += stride, w += stride) {
    value -= load<f64>(v + oi) * load<f64>(w + oj) + load<f64>(w + oi) * load<f64>(v + oj);
  }
  return value;
}

function reduceColumn(
  a: usize,
  n: u32,
  stride: usize,
  k: u32,
  p: u32,
  diagonal: usize,
  off: usize,
  v: usize,
  w: usize,
): void {
  store<f64>(diagonal + (k as usize) * 8, updated(a, stride, k, k, p, v, w));
  const vp = v + (p as usize) * stride;
  const wp = w + (p as usize) * stride;
  const from = ((k + 1) as usize) * 8;
  const length = n - k - 1;
  // The column below the diagonal, as the panel's updates leave it.
  const end = vp + (n as usize) * 8;
  let entry = a + ((k + 1) as usize) * stride + (k as usize) * 8;
  for (let to = vp + from; to < end; to += 8, entry += stride) store<f64>(to, load<f64>(entry));
  for (let q: u32 = 0; q < p; q++) {
    const vq = v + (q as usize) * stride + from;
    const wq = w + (q as usize) * stride + from;
    addScaled(-load<f64>(wq - 8), vq, vp + from, length);
    addScaled(-load<f64>(vq - 8), wq, vp + from, length);
  }
  const tau = reflect(vp + from, length);
  store<f64>(off + (k as usize) * 8, head());
  if (tau === 0) {
    memory.fill(vp + from, 0, (length as usize) * 8);
    return;
  }
  multiplySymmetric(a, n, stride, k + 1, vp, wp);
  for (let q: u32 = 0; q < p; q++) {
    const vq = v + (q as usize) * stride + from;
    const wq = w + (q as usize) * stride + from;
    const g = dot(wq, vp + from, length);
    const h = dot(vq, vp + from, length);
    addScaled(-g, vq, wp + from, length);
    addScaled(-h, wq, wp + from, length);
  }
  const half = 0.5 * tau * tau * dot(wp + from, vp + from, length);
  for (let i = k + 1; i < n; i++) {
    const o = (i as usize) * 8;
    store<f64>(wp + o, tau * load<f64>(wp + o) - half * load<f64>(vp + o));
  }
}

/** Sets y to A x for rows and columns from `start` on, from the lower triangle alone. */
function multiplySymmetric(a: usize, n: u32, stride: usize, start: u32, x: usize, y: usize): void {
  const from = (start as usize) * 8;
  memory.fill(y + from, 0, ((n - start) as usize) * 8);
  let r = start;
  for (; r + 4 <= n; r += 4) {
    const row = a + (r as usize) * stride;
    const at = (r as usize) * 8;
    if (r > start) multiplyFourRows(row + from, stride, x + from, y + from, r - start, x + at, y + at);
    for (let i: u32 = 0; i < 4; i++) {
      const oi = ((r + i) as usize) * 8;
      const ai = row + (i as usize) * stride;
      for (let j: u32 = 0; j <= i; j++) {
        const oj = ((r + j) as usize) * 8;
        const value = load<f64>(ai + oj);
        store<f64>(y + oi, load<f64>(y + oi) + value * load<f64>(x + oj));
        if (j < i) store<f64>(y + oj, load<f64>(y + oj) + value * load<f64>(x + oi));
      }
    }
  }
  for (; r < n; r++) {
    const row = a + (r as usize) * stride;
    const at = (r as usize) * 8;
    const xr = load<f64>(x + at);
    const below = dot(row + from, x + from, r - start) + load<f64>(row + at) * xr;
    store<f64>(y + at, load<f64>(y + at) + below);
    addScaled(xr, row + from, y + from, r - start);
  }
}

/** Multiplies four whole rows at once, each entry read once for its row and its column. */
function multiplyFourRows(a: usize, stride: usize, x: usize, y: usize, n: u32, xr: usize, yr: usize): void {
  const a1 = a + stride;
  const a2 = a1 + stride;
  const a3 = a2 + stride;
  const x0 = v128.load64_splat(xr);
  const x1 = v128.load64_splat(xr, 8);
  const x2 = v128.load64_splat(xr, 16);
  const x3 = v128.load64_splat(xr, 24);
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  let o: usize = 0;
  const end = ((n & ~1) as usize) * 8;
  for (; o < end; o += 16) {
    const xv = v128.load(x + o);
    let yv = v128.load(y + o);
    let row = v128.load(a + o);
    s0 = addProduct(row, xv, s0);
    yv = addProduct(row, x0, yv);
    row = v128.load(a1 + o);
    s1 = addProduct(row, xv, s1);
    yv = addProduct(row, x1, yv);
    row = v128.load(a2 + o);
    s2 = addProduct(row, xv, s2);
    yv = addProduct(row, x2, yv);
    row = v128.load(a3 + o);
    s3 = addProduct(row, xv, s3);
    yv = addProduct(row, x3, yv);
    v128.store(y + o, yv);
  }
  let t0 = sumLanes(s0);
  let t1 = sumLanes(s1);
  let t2 = sumLanes(s2);
  let t3 = sumLanes(s3);
  if (n & 1) {
    const xk = load<f64>(x + o);
    const b0 = load<f64>(a + o);
    const b1 = load<f64>(a1 + o);
    const b2 = load<f64>(a2 + o);
    const b3 = load<f64>(a3 + o);
    t0 += b0 * xk;
    t1 += b1 * xk;
    t2 += b2 * xk;
    t3 += b3 * xk;
    const column =
      b0 * load<f64>(xr) + b1 * load<f64>(xr, 8) + b2 * load<f64>(xr, 16) + b3 * load<f64>(xr, 24);
    store<f64>(y + o, load<f64>(y + o) + column);
  }
  store<f64>(yr, load<f64>(yr) + t0);
  store<f64>(yr, load<f64>(yr, 8) + t1, 8);
  store<f64>(yr, load<f64>(yr, 16) + t2, 16);
  store<f64>(yr, load<f64>(yr, 24) + t3, 24);
}

/** Takes Σ_p v_pi w_pj + w_pi v_pj from a_ij for i ≥ j ≥ start. */
function updateTrailing(a: usize, n: u32, stride: usize, start: u32, width: u32, v: usize, w: usize): void {
  const left = start & ~1;
  let i = start;
  for (; i + 2 <= n; i += 2) {
    const row = a + (i as usize) * stride;
    // Entries above the diagonal may be spoiled, entries past the row may not: rows are n + 8 long.
    const cols = (i + 2 - left + 3) & ~3;
    const o = (left as usize) * 8;
    updateTwoRows(row + o, stride, v + o, w + o, v + (i as usize) * 8, w + (i as usize) * 8, width, cols);
  }
  for (; i < n; i++) {
    for (let j = start; j <= i; j++) {
      const at = a + (i as usize) * stride + (j as usize) * 8;
      store<f64>(at, updated(a, stride, i, j, width, v, w));
    }
  }
}

function updateTwoRows(
  a: usize,
  stride: usize,
  v: usize,
  w: usize,
  vi: usize,
  wi: usize,
  width: u32,
  cols: u32,
): void {
  const end = (cols as usize) * 8;
  for (let o: usize = 0; o < end; o += 32) {
    let p0 = v128.load(a + o);
    let p1 = v128.load(a + o, 16);
    let q0 = v128.load(a + stride + o);
    let q1 = v128.load(a + stride + o, 16);
    let at: usize = 0;
    for (let p: u32 = 0; p < width; p++, at += stride) {
      const w0 = v128.load(w + at + o);
      const w1 = v128.load(w + at + o, 16);
      const v0 = v128.load(v + at + o);
      const v1 = v128.load(v + at + o, 16);
      const vp = v128.load64_splat(vi + at);
      const vq = v128.load64_splat(vi + at, 8);
      const wp = v128.load64_splat(wi + at);
      const wq = v128.load64_splat(wi + at, 8);
      p0 = subtractProduct(wp, v0, subtractProduct(vp, w0, p0));
      p1 = subtractProduct(wp, v1, subtractProduct(vp, w1, p1));
      q0 = subtractProduct(wq, v0, subtractProduct(vq, w0, q0));
      q1 = subtractProduct(wq, v1, subtractProduct(vq, w1, q1));
    }
    v128.store(a + o, p0);
    v128.store(a + o, p1, 16);
    v128.store(a + stride + o, q0);
    v128.store(a + stride + o, q1, 16);
  }
}
