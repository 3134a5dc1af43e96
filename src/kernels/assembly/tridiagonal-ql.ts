/** Sweeps per eigenvalue, on the whole; past it the entries were not numbers. */
const MAX_SWEEPS: u32 = 40;
const EPSILON: f64 = 2.220446049250313e-16;

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
  c: f64;
  s: f64;
  gamma: f64;
  p: f64;
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
 * waits for two divisions of the one before, so that two matrices take as long as one; neither's bits depend on the
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
  x.c = 1;
  x.s = 1;
  x.gamma = at(d, m) - x.sigma;
  x.p = x.gamma * x.gamma;
  // Its entry is no part of the block, and the first step would write to it.
  x.below = m + 1 < x.n ? at(e, m) : 0;
  return true;
}

/** Ends a sweep, and prepares the next. */
function end(x: Sweeps): bool {
  put(x.e, x.l, x.s * x.p);
  put(x.d, x.l, x.sigma + x.gamma);
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
    if (square <= max(floor, beside * beside)) return m;
  }
  return n - 1;
}

/** Does steps of both sweeps, which may be the same, until one is done. */
export function sweepBoth(first: usize, second: usize): void {
  const x = changetype<Sweeps>(first);
  const y = changetype<Sweeps>(second);
  const steps = min(x.i - x.l, y.i - y.l);
  const sigma = pair(x.sigma, y.sigma);
  let c = pair(x.c, y.c);
  let s = pair(x.s, y.s);
  let gamma = pair(x.gamma, y.gamma);
  let p = pair(x.p, y.p);
  let dx = x.d + ((x.i as usize) << 3);
  let ex = x.e + ((x.i as usize) << 3);
  let dy = y.d + ((y.i as usize) << 3);
  let ey = y.e + ((y.i as usize) << 3);
  const none = f64x2.splat(0);
  for (let k: u32 = 0; k < steps; k++) {
    const square = v128.load64_lane(ey - 8, v128.load64_zero(ex - 8), 1);
    const r = f64x2.add(p, square);
    const beside = f64x2.mul(s, r);
    v128.store64_lane(ex, beside, 0);
    v128.store64_lane(ey, beside, 1);
    ex -= 8;
    ey -= 8;
    const before = c;
    c = f64x2.div(p, r);
    s = f64x2.div(square, r);
    const last = gamma;
    const alpha = v128.load64_lane(dy - 8, v128.load64_zero(dx - 8), 1);
    gamma = f64x2.sub(f64x2.mul(c, f64x2.sub(alpha, sigma)), f64x2.mul(s, last));
    const settled = f64x2.add(last, f64x2.sub(alpha, gamma));
    v128.store64_lane(dx, settled, 0);
    v128.store64_lane(dy, settled, 1);
    dx -= 8;
    dy -= 8;
    const divided = f64x2.div(f64x2.mul(gamma, gamma), c);
    p = v128.bitselect(f64x2.mul(before, square), divided, f64x2.eq(c, none));
  }
  const i = y.i - steps;
  x.i -= steps;
  y.i = i;
  x.c = f64x2.extract_lane(c, 0);
  y.c = f64x2.extract_lane(c, 1);
  x.s = f64x2.extract_lane(s, 0);
  y.s = f64x2.extract_lane(s, 1);
  x.gamma = f64x2.extract_lane(gamma, 0);
  y.gamma = f64x2.extract_lane(gamma, 1);
  x.p = f64x2.extract_lane(p, 0);
  y.p = f64x2.extract_lane(p, 1);
}

function pair(x: f64, y: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(x), 1, y);
}
