import { addProduct, subtractProduct } from './vector';

/** Sweeps per eigenvalue, on the whole; past it the entries were not numbers. */
const MAX_SWEEPS: u32 = 40;
const EPSILON: f64 = 2.220446049250313e-16;
/** This share of 2⁻⁶⁰ of the size stands for every smaller δ, lest one that is 0 be divided by. */
const OF_FLOOR: f64 = 1e-42;

/** Where the sweeps over one tridiagonal matrix stand. */
@unmanaged
class Sweeps {
  /** Places of the diagonal [n] and of the squares of the off-diagonal [n − 1]. */
  d: usize;
  e: usize;
  n: u32;
  /** The block that is swept, and the row that the sweep has come up to. */
  l: u32;
  m: u32;
  i: u32;
  /** Sweeps that may still be needed. */
  left: u32;
  floor: f64;
  sigma: f64;
  /**
   * Of the step before: δ, γ (1 + w), and w, its s/c. With c = 1/(1 + w) and p = δ²/(1 + w), the next step has
   * w = e²/p = e² (1 + w)/δ² and δ = d − σ − w γ: it waits for one division alone.
   */
  delta: f64;
  w: f64;
  /** The square beside the block, which its first step writes over. */
  below: f64;
}

/** Bytes of a tridiagonal matrix of up to `n` rows as `placeOrder` lays it out: its sweeps, diagonal and off-diagonal. */
export function tridiagonalBytes(n: u32): u32 {
  return 128 + 16 * n;
}

/**
 * Says of the matrix at `at` that it has `n` rows of `most`, and which squares are nothing in it: without that, entries
 * that are rounding noise never settle. Its diagonal follows 128 bytes on, then the squares of its off-diagonal entries;
 * QL settles from the top, where small ones belong.
 */
export function placeOrder(at: usize, n: u32, most: u32, floor: f64): void {
  const x = changetype<Sweeps>(at);
  x.d = at + 128;
  x.e = x.d + (most as usize) * 8;
  x.n = n;
  x.floor = floor;
  x.left = MAX_SWEEPS * n;
  x.l = 0;
}

/**
 * Computes the eigenvalues of one or two symmetric tridiagonal matrices (`y` may be 0), in no order, in place of their
 * diagonals: QL without square roots (Pal, Walker & Kahan; EISPACK's tqlrat, LAPACK's dsterf). Each step of a sweep
 * waits for a division of the one before, so that two matrices take as long as one; neither's bits depend on the
 * other. The first eigenvalue is NaN where they do not converge, which takes a NaN.
 */
export function tridiagonalEigenvalues(x: usize, y: usize): void {
  const a = changetype<Sweeps>(x);
  const b = changetype<Sweeps>(y);
  let more = next(a);
  let other = y !== 0 && next(b);
  while (more || other) {
    sweepBoth(more ? x : y, other ? y : x);
    if (more && a.i === a.l) more = end(a);
    if (other && b.i === b.l) other = end(b);
  }
}

/** Finds the next block that is not settled, and its shift; false where there is none. */
function next(x: Sweeps): bool {
  const d = x.d;
  const e = x.e;
  let l = x.l;
  let m = l;
  for (; l < x.n; l++) {
    m = firstNegligible(d, e, l, x.n, x.floor);
    if (m > l) break;
  }
  if (l >= x.n) return false;
  if (x.left === 0) {
    put(d, 0, NaN);
    return false;
  }
  x.left--;
  x.l = l;
  x.m = m;
  x.i = m;
  const root = sqrt(at(e, l));
  const half = (at(d, l + 1) - at(d, l)) / (2 * root);
  const r0 = sqrt(half * half + 1);
  x.sigma = at(d, l) - root / (half + (half >= 0 ? r0 : -r0));
  x.delta = at(d, m) - x.sigma;
  x.w = 0;
  // Its entry is no part of the block, and the first step would write to it.
  x.below = m + 1 < x.n ? at(e, m) : 0;
  return true;
}

/** Ends a sweep, and prepares the next. */
function end(x: Sweeps): bool {
  const c = 1 / (1 + x.w);
  put(x.e, x.l, x.w * c * (x.delta * x.delta * c));
  put(x.d, x.l, x.sigma + x.delta * c);
  if (x.m + 1 < x.n) put(x.e, x.m, x.below);
  return next(x);
}

function at(x: usize, i: u32): f64 {
  return load<f64>(x + ((i as usize) << 3));
}

function put(x: usize, i: u32, value: f64): void {
  store<f64>(x + ((i as usize) << 3), value);
}

/** Finds the first m ≥ l with e_m², beside the diagonal's neighbours, too small to matter. */
function firstNegligible(d: usize, e: usize, l: u32, n: u32, floor: f64): u32 {
  for (let m = l; m + 1 < n; m++) {
    const square = at(e, m);
    const beside = EPSILON * (abs(at(d, m)) + abs(at(d, m + 1)));
    if (square <= floor || square <= beside * beside) return m;
  }
  return n - 1;
}

/** Does steps of both sweeps, which may be the same, until one is done. */
export function sweepBoth(first: usize, second: usize): void {
  const x = changetype<Sweeps>(first);
  const y = changetype<Sweeps>(second);
  const steps = min(x.i - x.l, y.i - y.l);
  const sigma = pair(x.sigma, y.sigma);
  const tiny = f64x2.mul(f64x2.sqrt(pair(x.floor, y.floor)), f64x2.splat(OF_FLOOR));
  const least = f64x2.mul(tiny, tiny);
  const unit = f64x2.splat(1);
  let w = pair(x.w, y.w);
  let delta = pair(x.delta, y.delta);
  let above = f64x2.add(unit, w);
  let c = f64x2.div(unit, above);
  let squared = f64x2.pmax(f64x2.mul(delta, delta), least);
  let gamma = f64x2.mul(notBelow(delta, tiny), c);
  let dx = x.d + ((x.i as usize) << 3);
  let ex = x.e + ((x.i as usize) << 3);
  let dy = y.d + ((y.i as usize) << 3);
  let ey = y.e + ((y.i as usize) << 3);
  for (let k: u32 = 0; k < steps; k++) {
    const square = v128.load64_lane(ey - 8, v128.load64_zero(ex - 8), 1);
    const beside = f64x2.mul(f64x2.mul(w, c), addProduct(squared, c, square));
    v128.store64_lane(ex, beside, 0);
    v128.store64_lane(ey, beside, 1);
    ex -= 8;
    ey -= 8;
    w = f64x2.div(f64x2.mul(square, above), squared);
    above = f64x2.add(unit, w);
    c = f64x2.div(unit, above);
    const alpha = v128.load64_lane(dy - 8, v128.load64_zero(dx - 8), 1);
    delta = subtractProduct(w, gamma, f64x2.sub(alpha, sigma));
    squared = f64x2.pmax(f64x2.mul(delta, delta), least);
    const last = gamma;
    gamma = f64x2.mul(notBelow(delta, tiny), c);
    const settled = f64x2.add(last, f64x2.sub(alpha, gamma));
    v128.store64_lane(dx, settled, 0);
    v128.store64_lane(dy, settled, 1);
    dx -= 8;
    dy -= 8;
  }
  const i = y.i - steps;
  x.i -= steps;
  y.i = i;
  x.w = f64x2.extract_lane(w, 0);
  y.w = f64x2.extract_lane(w, 1);
  x.delta = f64x2.extract_lane(delta, 0);
  y.delta = f64x2.extract_lane(delta, 1);
}

/** Returns `tiny` where `delta` is smaller in size. */
function notBelow(delta: v128, tiny: v128): v128 {
  return v128.bitselect(delta, tiny, f64x2.ge(f64x2.abs(delta), tiny));
}

function pair(x: f64, y: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(x), 1, y);
}
