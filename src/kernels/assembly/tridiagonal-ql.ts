/** Sweeps per eigenvalue, on the whole; past it the entries were not numbers. */
const MAX_SWEEPS: u32 = 40;
const EPSILON: f64 = 2.220446049250313e-16;

/**
 * Computes the eigenvalues of the symmetric tridiagonal matrix with the diagonal `d` [n] and off-diagonal `e` [n − 1],
 * in no order, into `d`: QL without square roots (Pal, Walker & Kahan; EISPACK's tqlrat, LAPACK's dsterf). `e` is
 * spoiled. Returns false where it does not converge, which takes a NaN.
 */
export function tridiagonalEigenvalues(d: usize, e: usize, n: u32): bool {
  let largest: f64 = 0;
  for (let i: u32 = 0; i < n; i++) {
    largest = max(largest, abs(at(d, i)));
    if (i + 1 < n) largest = max(largest, abs(at(e, i)));
  }
  // QL settles from the top: small entries belong there.
  if (abs(at(d, 0)) > abs(at(d, n - 1))) {
    reverse(d, n);
    reverse(e, n - 1);
  }
  for (let i: u32 = 0; i + 1 < n; i++) put(e, i, at(e, i) * at(e, i));
  // What the reduction to this form has lost already; without it, entries that are rounding noise never settle.
  const floor = largest * 8.673617379884035e-19 * (largest * 8.673617379884035e-19);
  let sweeps: u32 = 0;
  for (let l: u32 = 0; l < n; l++) {
    for (let m = firstNegligible(d, e, l, n, floor); m > l; m = firstNegligible(d, e, l, n, floor)) {
      if (++sweeps > MAX_SWEEPS * n) return false;
      sweepUp(d, e, l, m);
    }
  }
  return true;
}

function at(x: usize, i: u32): f64 {
  return load<f64>(x + ((i as usize) << 3));
}

function put(x: usize, i: u32, value: f64): void {
  store<f64>(x + ((i as usize) << 3), value);
}

function reverse(x: usize, n: u32): void {
  for (let i: u32 = 0, j = n - 1; i < j && j < n; i++, j--) {
    const value = at(x, i);
    put(x, i, at(x, j));
    put(x, j, value);
  }
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

/** Does one QL step on rows l … m; `e` holds squares. */
export function sweepUp(d: usize, e: usize, l: u32, m: u32): void {
  const root = sqrt(at(e, l));
  const half = (at(d, l + 1) - at(d, l)) / (2 * root);
  const r0 = sqrt(half * half + 1);
  const sigma = at(d, l) - root / (half + (half >= 0 ? r0 : -r0));
  let c: f64 = 1;
  let s: f64 = 0;
  let gamma = at(d, m) - sigma;
  let p = gamma * gamma;
  for (let i = m; i > l; ) {
    i--;
    const square = at(e, i);
    const r = p + square;
    if (i + 1 !== m) put(e, i + 1, s * r);
    const before = c;
    c = p / r;
    s = square / r;
    const last = gamma;
    const alpha = at(d, i);
    gamma = c * (alpha - sigma) - s * last;
    put(d, i + 1, last + (alpha - gamma));
    p = c !== 0 ? (gamma * gamma) / c : before * square;
  }
  put(e, l, s * p);
  put(d, l, sigma + gamma);
}
