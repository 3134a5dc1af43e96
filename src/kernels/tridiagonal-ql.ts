/** Sweeps per eigenvalue, on the whole; past it the entries were not numbers. */
const MAX_SWEEPS = 40;

/**
 * The eigenvalues, ascending, of the symmetric tridiagonal matrix with this diagonal [n] and off-diagonal [n] (its
 * last entry unused), by implicit QL (EISPACK's tql1; Martin & Wilkinson 1968). Both arguments are spoiled and the
 * diagonal is returned. Throws `RangeError` where it does not converge, which takes a NaN.
 */
export function tridiagonalEigenvalues(d: Float64Array, e: Float64Array): Float64Array {
  const n = d.length;
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(d[i]!), i + 1 < n ? Math.abs(e[i]!) : 0);
  // What the reduction to this form has lost already; without it, entries that are rounding noise never settle.
  const floor = largest * 2 ** -60;
  // QL settles from the top: small entries belong there.
  if (Math.abs(d[0]!) > Math.abs(d[n - 1]!)) {
    d.reverse();
    e.subarray(0, n - 1).reverse();
  }
  let sweeps = 0;
  for (let l = 0; l < n; l++) {
    for (let m = firstNegligible(d, e, l, floor); m > l; m = firstNegligible(d, e, l, floor)) {
      if (++sweeps > MAX_SWEEPS * n) throw new RangeError('the eigenvalues do not converge');
      sweepUp(d, e, l, m);
    }
  }
  return d.sort();
}

function firstNegligible(d: Float64Array, e: Float64Array, l: number, floor: number): number {
  let m = l;
  for (; m < d.length - 1; m++) {
    const beside = Math.abs(d[m]!) + Math.abs(d[m + 1]!);
    if (Math.abs(e[m]!) <= Math.max(Number.EPSILON * beside, floor)) break;
  }
  return m;
}

/** One implicit QL step on rows l … m with Wilkinson's shift. */
function sweepUp(d: Float64Array, e: Float64Array, l: number, m: number): void {
  const half = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  const root = Math.sqrt(half * half + 1);
  let g = d[m]! - d[l]! + e[l]! / (half + (half >= 0 ? root : -root));
  let s = 1;
  let c = 1;
  let p = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i]!;
    const b = c * e[i]!;
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] = d[i + 1]! - p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1]! - p;
    const t = (d[i]! - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
  }
  d[l] = d[l]! - p;
  e[l] = g;
  e[m] = 0;
}
