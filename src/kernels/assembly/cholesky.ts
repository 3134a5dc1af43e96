import { addProduct, dot, sumLanes } from './vector';

/** Columns factored before what is right of them is touched. */
const BLOCK: u32 = 64;

/**
 * One step of the left-looking Cholesky factorisation of the symmetric matrix whose lower triangle is at `a`, rows
 * `stride` bytes apart: the BLOCK columns from `k0` on, all before them being done. False at the first pivot that is
 * not above 0. Each block is a call of its own, so that an engine may go on with better code than it began with.
 */
export function choleskyBlock(a: usize, n: u32, stride: usize, k0: u32): bool {
  const k1 = min(n, k0 + BLOCK);
  if (k0 > 0) subtractEarlier(a, n, stride, k0, k1);
  for (let j = k0; j < k1; j++) {
    const row = a + (j as usize) * stride;
    const start = row + (k0 as usize) * 8;
    const at = row + (j as usize) * 8;
    const pivot = load<f64>(at) - dot(start, start, j - k0);
    if (!(pivot > 0)) return false;
    const root = Math.sqrt(pivot);
    store<f64>(at, root);
    for (let i = j + 1; i < n; i++) {
      const other = a + (i as usize) * stride;
      const entry = other + (j as usize) * 8;
      store<f64>(entry, (load<f64>(entry) - dot(other + (k0 as usize) * 8, start, j - k0)) / root);
    }
  }
  return true;
}

/** a_ij −= Σ_{k < k0} l_ik l_jk for the columns j of one block and all rows i ≥ j. */
function subtractEarlier(a: usize, n: u32, stride: usize, k0: u32, k1: u32): void {
  let j = k0;
  for (; j + 2 <= k1; j += 2) {
    const b = a + (j as usize) * stride;
    const column = (j as usize) * 8;
    let i = j;
    for (; i + 4 <= n; i += 4) subtractTile(a + (i as usize) * stride, b, stride, k0, column);
    for (; i < n; i++) {
      const row = a + (i as usize) * stride;
      store<f64>(row + column, load<f64>(row + column) - dot(row, b, k0));
      store<f64>(row + column, load<f64>(row + column, 8) - dot(row, b + stride, k0), 8);
    }
  }
  for (; j < k1; j++) {
    for (let i = j; i < n; i++) {
      const row = a + (i as usize) * stride;
      const at = row + (j as usize) * 8;
      store<f64>(at, load<f64>(at) - dot(row, a + (j as usize) * stride, k0));
    }
  }
}

/** Four rows against two; `k0` is even. The entry above the diagonal that it may touch is never read. */
function subtractTile(a: usize, b: usize, stride: usize, k0: u32, column: usize): void {
  const a1 = a + stride;
  const a2 = a1 + stride;
  const a3 = a2 + stride;
  const b1 = b + stride;
  let p0 = f64x2.splat(0);
  let p1 = f64x2.splat(0);
  let p2 = f64x2.splat(0);
  let p3 = f64x2.splat(0);
  let q0 = f64x2.splat(0);
  let q1 = f64x2.splat(0);
  let q2 = f64x2.splat(0);
  let q3 = f64x2.splat(0);
  const end = (k0 as usize) * 8;
  for (let o: usize = 0; o < end; o += 16) {
    const p = v128.load(b + o);
    const q = v128.load(b1 + o);
    let x = v128.load(a + o);
    p0 = addProduct(x, p, p0);
    q0 = addProduct(x, q, q0);
    x = v128.load(a1 + o);
    p1 = addProduct(x, p, p1);
    q1 = addProduct(x, q, q1);
    x = v128.load(a2 + o);
    p2 = addProduct(x, p, p2);
    q2 = addProduct(x, q, q2);
    x = v128.load(a3 + o);
    p3 = addProduct(x, p, p3);
    q3 = addProduct(x, q, q3);
  }
  subtractPair(a + column, p0, q0);
  subtractPair(a1 + column, p1, q1);
  subtractPair(a2 + column, p2, q2);
  subtractPair(a3 + column, p3, q3);
}

function subtractPair(at: usize, p: v128, q: v128): void {
  store<f64>(at, load<f64>(at) - sumLanes(p));
  store<f64>(at, load<f64>(at, 8) - sumLanes(q), 8);
}
