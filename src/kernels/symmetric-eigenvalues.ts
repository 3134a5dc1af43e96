/**
 * The eigenvalues of a symmetric matrix, ascending: Householder tridiagonalisation (Golub & Van Loan, algorithm
 * 8.3.1), then implicit QL without vectors (EISPACK `tql1`). `a` is [n, n] row-major, its lower triangle is read and
 * spoiled; its entries must square without over- or underflow. About 4/3 n³ flops.
 */
export function symmetricEigenvalues(a: Float64Array, n: number): Float64Array {
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(n);
  tridiagonalise(a, n, diagonal, offDiagonal);
  implicitQl(diagonal, offDiagonal, n);
  return diagonal.sort();
}

/** Of the largest entry: far below rounding, and its square far above underflow. */
const TINY = 2 ** -80;

function tridiagonalise(a: Float64Array, n: number, diagonal: Float64Array, offDiagonal: Float64Array): void {
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  let largest = 0;
  for (let i = 0; i < n; i++)
    for (let k = i * n; k <= i * n + i; k++) largest = Math.max(largest, Math.abs(a[k]!));
  // A column this small is rounding of the whole, and near underflow its reflector would be no reflection.
  const negligible = (largest * TINY) ** 2;
  for (let k = 0; k < n - 1; k++) {
    const start = k + 1;
    diagonal[k] = a[k * n + k]!;
    let tail = 0;
    for (let i = start + 1; i < n; i++) tail += a[i * n + k]! * a[i * n + k]!;
    const head = a[start * n + k]!;
    if (tail <= negligible) {
      offDiagonal[k] = head;
      continue;
    }
    const norm = Math.sqrt(tail + head * head);
    // The sign that adds cannot cancel.
    const reflected = head > 0 ? -norm : norm;
    offDiagonal[k] = reflected;
    const scale = head - reflected;
    const tau = -scale / reflected;
    v[start] = 1;
    for (let i = start + 1; i < n; i++) v[i] = a[i * n + k]! / scale;
    multiplyTrailing(a, n, start, v, w);
    let product = 0;
    for (let i = start; i < n; i++) product += w[i]! * v[i]!;
    const half = 0.5 * tau * tau * product;
    for (let i = start; i < n; i++) w[i] = tau * w[i]! - half * v[i]!;
    subtractRankTwo(a, n, start, v, w);
  }
  diagonal[n - 1] = a[n * n - 1]!;
}

/** w = A v over the trailing block from `start`, each entry of the lower triangle read once. */
function multiplyTrailing(a: Float64Array, n: number, start: number, v: Float64Array, w: Float64Array): void {
  w.fill(0, start);
  for (let i = start; i < n; i++) {
    const row = i * n;
    const vi = v[i]!;
    let sum = 0;
    for (let j = start; j < i; j++) {
      const x = a[row + j]!;
      sum += x * v[j]!;
      w[j] = w[j]! + x * vi;
    }
    w[i] = w[i]! + sum + a[row + i]! * vi;
  }
}

/** A −= v wᵀ + w vᵀ over the trailing block from `start`, lower triangle. */
function subtractRankTwo(a: Float64Array, n: number, start: number, v: Float64Array, w: Float64Array): void {
  for (let i = start; i < n; i++) {
    const row = i * n;
    const vi = v[i]!;
    const wi = w[i]!;
    for (let j = start; j <= i; j++) a[row + j] = a[row + j]! - (vi * w[j]! + wi * v[j]!);
  }
}

/** `d` becomes the eigenvalues of the tridiagonal matrix with diagonal `d` and off-diagonal `e`, in no order. */
function implicitQl(d: Float64Array, e: Float64Array, n: number): void {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(d[i]!), Math.abs(e[i]!));
  // Beside diagonal entries of 0 nothing is negligible by itself, and what squares to 0 would never become so.
  const floor = largest * TINY;
  for (let l = 0; l < n; l++) {
    let split = firstNegligible(d, e, l, n, floor);
    while (split !== l) {
      qlStep(d, e, l, split);
      split = firstNegligible(d, e, l, n, floor);
    }
  }
}

/** The first m ≥ l whose off-diagonal entry is rounding beside its neighbours on the diagonal. */
function firstNegligible(d: Float64Array, e: Float64Array, l: number, n: number, floor: number): number {
  for (let m = l; m < n - 1; m++) {
    const bound = Math.max(floor, Number.EPSILON * (Math.abs(d[m]!) + Math.abs(d[m + 1]!)));
    if (!(Math.abs(e[m]!) > bound)) return m;
  }
  return n - 1;
}

/** One implicit QL step with Wilkinson's shift on the unreduced block l … m. */
function qlStep(d: Float64Array, e: Float64Array, l: number, m: number): void {
  const slope = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  const root = Math.sqrt(slope * slope + 1);
  let g = d[m]! - d[l]! + e[l]! / (slope + (slope >= 0 ? root : -root));
  let sine = 1;
  let cosine = 1;
  let shift = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = sine * e[i]!;
    const b = cosine * e[i]!;
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] = d[i + 1]! - shift;
      e[m] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = d[i + 1]! - shift;
    const turned = (d[i]! - g) * sine + 2 * cosine * b;
    shift = sine * turned;
    d[i + 1] = g + shift;
    g = cosine * turned - b;
  }
  d[l] = d[l]! - shift;
  e[l] = g;
  e[m] = 0;
}
