import { copyRow, orderOf, tridiagonal } from '../arrays.js';
import type { DoubledMatrix, SymmetricMatrix, Tridiagonal } from '../kernels.js';

/**
 * See `Kernels.tridiagonalsOf`: Householder tridiagonalisation (Golub & Van Loan, algorithm 8.3.1). Entries must square
 * without over- or underflow. About 4/3 n³ flops.
 */
export function tridiagonalOf(matrix: SymmetricMatrix | DoubledMatrix, n: number): Tridiagonal {
  const { scale = 1 } = matrix;
  const order = orderOf(matrix, n);
  const a = new Float64Array(order * order);
  for (let i = 0; i < order; i++) copyRow(matrix, n, i, a, i * order);
  for (let k = 0; k < a.length; k++) a[k] = a[k]! * scale;
  const diagonal = new Float64Array(order);
  const off = new Float64Array(order);
  tridiagonalise(a, order, diagonal, off);
  return tridiagonal(diagonal, off.subarray(0, order - 1));
}

/** Computes the eigenvalues, ascending: implicit QL without vectors (EISPACK `tql1`). */
export function tridiagonalEigenvalues({ diagonal, off, size }: Tridiagonal): Float64Array {
  const n = diagonal.length;
  const values = diagonal.slice();
  const e = new Float64Array(n);
  e.set(off);
  implicitQl(values, e, n, size * TINY);
  return values.sort();
}

/** Of the largest entry: far below rounding, and its square far above underflow. */
const TINY = 2 ** -80;

/**
 * Reduces `a` to a tridiagonal matrix. A reflector's rank-two update waits until the next one is known, and is done in
 * the pass that multiplies by it: the matrix goes through memory once a step.
 */
function tridiagonalise(a: Float64Array, n: number, diagonal: Float64Array, offDiagonal: Float64Array): void {
  let v = new Float64Array(n);
  let w = new Float64Array(n);
  let lastV = new Float64Array(n);
  let lastW = new Float64Array(n);
  let largest = 0;
  for (let i = 0; i < n; i++)
    for (let k = i * n; k <= i * n + i; k++) largest = Math.max(largest, Math.abs(a[k]!));
  // A column this small is rounding of the whole, and near underflow its reflector would be no reflection.
  const negligible = (largest * TINY) ** 2;
  for (let k = 0; k < n - 1; k++) {
    const start = k + 1;
    for (let i = k; i < n; i++) v[i] = a[i * n + k]! - (lastV[i]! * lastW[k]! + lastW[i]! * lastV[k]!);
    diagonal[k] = v[k]!;
    let tail = 0;
    for (let i = start + 1; i < n; i++) tail += v[i]! * v[i]!;
    const head = v[start]!;
    let tau = 0;
    if (tail <= negligible) {
      offDiagonal[k] = head;
      v.fill(0, start);
    } else {
      const norm = Math.sqrt(tail + head * head);
      // The sign that adds cannot cancel.
      const reflected = head > 0 ? -norm : norm;
      offDiagonal[k] = reflected;
      const scale = head - reflected;
      tau = -scale / reflected;
      v[start] = 1;
      for (let i = start + 1; i < n; i++) v[i] = v[i]! / scale;
    }
    updateAndMultiply(a, n, start, lastV, lastW, v, w);
    let product = 0;
    for (let i = start; i < n; i++) product += w[i]! * v[i]!;
    const half = 0.5 * tau * tau * product;
    for (let i = start; i < n; i++) w[i] = tau * w[i]! - half * v[i]!;
    [v, lastV] = [lastV, v];
    [w, lastW] = [lastW, w];
  }
  diagonal[n - 1] = a[n * n - 1]!;
}

/**
 * Takes p qᵀ + q pᵀ from A, then sets w to A v: the trailing block from `start`, lower triangle, two rows at a time.
 */
function updateAndMultiply(
  a: Float64Array,
  n: number,
  start: number,
  p: Float64Array,
  q: Float64Array,
  v: Float64Array,
  w: Float64Array,
): void {
  w.fill(0, start);
  let i = start;
  if ((n - start) % 2 === 1) {
    a[i * n + i] = a[i * n + i]! - 2 * p[i]! * q[i]!;
    w[i] = a[i * n + i]! * v[i]!;
    i++;
  }
  for (; i < n; i += 2) {
    const upper = i * n;
    const lower = upper + n;
    const p0 = p[i]!;
    const p1 = p[i + 1]!;
    const q0 = q[i]!;
    const q1 = q[i + 1]!;
    const v0 = v[i]!;
    const v1 = v[i + 1]!;
    let s0 = 0;
    let s1 = 0;
    for (let j = start; j < i; j++) {
      const pj = p[j]!;
      const qj = q[j]!;
      const vj = v[j]!;
      const x0 = a[upper + j]! - (p0 * qj + q0 * pj);
      const x1 = a[lower + j]! - (p1 * qj + q1 * pj);
      a[upper + j] = x0;
      a[lower + j] = x1;
      s0 += x0 * vj;
      s1 += x1 * vj;
      w[j] = w[j]! + (x0 * v0 + x1 * v1);
    }
    const x00 = a[upper + i]! - 2 * p0 * q0;
    const x10 = a[lower + i]! - (p1 * q0 + q1 * p0);
    const x11 = a[lower + i + 1]! - 2 * p1 * q1;
    a[upper + i] = x00;
    a[lower + i] = x10;
    a[lower + i + 1] = x11;
    w[i] = s0 + x00 * v0 + x10 * v1;
    w[i + 1] = s1 + x10 * v0 + x11 * v1;
  }
}

/**
 * Turns `d` into the eigenvalues of the tridiagonal matrix with diagonal `d` and off-diagonal `e`, in no order. What is
 * below `floor` in `e` is nothing: beside diagonal entries of 0 nothing is negligible by itself.
 */
function implicitQl(d: Float64Array, e: Float64Array, n: number, floor: number): void {
  for (let l = 0; l < n; l++) {
    let split = firstNegligible(d, e, l, n, floor);
    while (split !== l) {
      qlStep(d, e, l, split);
      split = firstNegligible(d, e, l, n, floor);
    }
  }
}

/** Finds the first m ≥ l whose off-diagonal entry is rounding beside its neighbours on the diagonal. */
function firstNegligible(d: Float64Array, e: Float64Array, l: number, n: number, floor: number): number {
  for (let m = l; m < n - 1; m++) {
    const bound = Math.max(floor, Number.EPSILON * (Math.abs(d[m]!) + Math.abs(d[m + 1]!)));
    if (!(Math.abs(e[m]!) > bound)) return m;
  }
  return n - 1;
}

/** Does one implicit QL step with Wilkinson's shift on the unreduced block l … m. */
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
