/**
 * Reduces the symmetric [n, n] matrix whose lower triangle is in `a` (spoiled) to a tridiagonal one with the same
 * eigenvalues by Householder reflections (Golub & Van Loan, algorithm 8.3.1): `off[i]` stands beside rows i and i + 1.
 */
export function tridiagonalise(
  a: Float64Array,
  n: number,
): { readonly diagonal: Float64Array; readonly off: Float64Array } {
  const diagonal = new Float64Array(n);
  const off = new Float64Array(n);
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    diagonal[k] = a[k * n + k]!;
    if (k + 1 < n) off[k] = clearColumn(a, n, k, v, w);
  }
  return { diagonal, off };
}

/** Makes column k 0 below its first off-diagonal entry, which it returns, and updates the matrix right of it. */
function clearColumn(a: Float64Array, n: number, k: number, v: Float64Array, w: Float64Array): number {
  const head = a[(k + 1) * n + k]!;
  let largest = 0;
  for (let i = k + 2; i < n; i++) largest = Math.max(largest, Math.abs(a[i * n + k]!));
  if (largest === 0) return head;
  largest = Math.max(largest, Math.abs(head));
  let squared = 0;
  for (let i = k + 1; i < n; i++) squared += (a[i * n + k]! / largest) ** 2;
  const norm = largest * Math.sqrt(squared);
  const alpha = head > 0 ? -norm : norm;
  const beta = head - alpha;
  const tau = -beta / alpha;
  v[k + 1] = 1;
  for (let i = k + 2; i < n; i++) v[i] = a[i * n + k]! / beta;
  multiply(a, n, k + 1, v, w);
  let product = 0;
  for (let i = k + 1; i < n; i++) product += w[i]! * v[i]!;
  const half = 0.5 * tau * tau * product;
  for (let i = k + 1; i < n; i++) w[i] = tau * w[i]! - half * v[i]!;
  for (let i = k + 1; i < n; i++) {
    const row = i * n;
    for (let j = k + 1; j <= i; j++) a[row + j] = a[row + j]! - v[i]! * w[j]! - w[i]! * v[j]!;
  }
  return alpha;
}

/** w = A v for rows and columns from `start` on, from the lower triangle alone. */
function multiply(a: Float64Array, n: number, start: number, v: Float64Array, w: Float64Array): void {
  w.fill(0);
  for (let i = start; i < n; i++) {
    const row = i * n;
    const vi = v[i]!;
    let sum = a[row + i]! * vi;
    for (let j = start; j < i; j++) {
      sum += a[row + j]! * v[j]!;
      w[j] = w[j]! + a[row + j]! * vi;
    }
    w[i] = w[i]! + sum;
  }
}
