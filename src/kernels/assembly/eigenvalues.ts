import { bandWork, GRAIN, padded, placeRows as placeInPanels, reduceToBand } from './band';
import { bandToTridiagonal } from './bulge';
import { TILE_COLS } from './tiles';
import { tridiagonalise, tridiagonalWork } from './tridiagonal';

/**
 * From this order on the products that the way over a band is made of pay for the second step that it takes: a check of
 * the default group takes 1.3 times as long by the straight way alone at 2048×2048 on Node 24. Below it the straight way
 * takes two thirds of the time, as long as the matrix fits into a second- or third-level cache.
 */
const LEAST_BY_BAND: u32 = TILE_COLS === 8 ? 800 : 1280;
/**
 * From this order on the matrix waits for memory: a wider band reads it less often, though it takes longer to chase.
 */
const LEAST_WIDE: u32 = 2048;

/** Counts the diagonals of the band on the way to a tridiagonal matrix; 0 where the way is a straight one. */
function bandWidth(n: u32): u32 {
  if (n < LEAST_BY_BAND) return 0;
  return n < LEAST_WIDE ? GRAIN : 2 * GRAIN;
}

/** Makes rows a little longer than the matrix: a power of two would map every row to the same cache lines. */
function strideOf(n: u32): u32 {
  return n + 8;
}

/** Counts the float64 of the matrix itself, in either layout. */
function matrixSize(n: u32, width: u32): usize {
  return width === 0 ? (n as usize) * (strideOf(n) as usize) : (padded(n) as usize) * (padded(n) as usize);
}

/** Counts the bytes that the reduction of [n, n] takes; as float64: there may be more than can be addressed. */
export function reductionBytes(n: u32): f64 {
  const width = bandWidth(n);
  const side = width === 0 ? (strideOf(n) as f64) : (padded(n) as f64);
  const rest = width === 0 ? tridiagonalWork(strideOf(n)) : 2 * width * n + 3 * width + bandWork(n, width);
  return 8 * (side * side + 2 * side + (rest as f64));
}

/**
 * Puts the lower triangle's part of rows `i … i + count`, which are at `rows`, `n` float64 each, into the matrix, each
 * entry times `factor`. `i` is even. `at` is where the diagonal will be.
 */
export function placeRows(at: usize, n: u32, i: u32, count: u32, rows: usize, factor: f64): void {
  const step = (n as usize) * 8;
  const end = i + count;
  if (bandWidth(n) > 0) {
    const a = at + 16 * (padded(n) as usize);
    for (; i < end; i += 2, rows += 2 * step) placeInPanels(a, n, i, min(2, end - i), rows, step, factor);
    return;
  }
  const stride = (strideOf(n) as usize) * 8;
  let to = at + 2 * stride + (i as usize) * stride;
  for (; i < end; i++, rows += step, to += stride) {
    const last = (i as usize) * 8;
    for (let o: usize = 0; o <= last; o += 8) store<f64>(to + o, load<f64>(rows + o) * factor);
  }
}

/** Returns whether the last row is what `tridiagonal` begins with, rather than the first. */
export function beginsWithLastRow(n: u32): bool {
  return bandWidth(n) === 0;
}

/** Finds where `tridiagonal` leaves the off-diagonal entries. */
export function offDiagonalAt(at: usize, n: u32): usize {
  return at + ((bandWidth(n) === 0 ? strideOf(n) : padded(n)) as usize) * 8;
}

/**
 * Reduces the matrix whose rows have been placed to a tridiagonal one, its diagonal the first `n` float64 at `at`.
 * Needs nothing but the bytes that `reductionBytes` says.
 */
export function tridiagonal(at: usize, n: u32): void {
  const width = bandWidth(n);
  const off = offDiagonalAt(at, n);
  const a = off + (off - at);
  const rest = a + matrixSize(n, width) * 8;
  if (width === 0) {
    tridiagonalise(a, n, strideOf(n), at, off, rest);
    return;
  }
  const work = rest + ((2 * width * n) as usize) * 8;
  reduceToBand(a, n, width, rest, work);
  bandToTridiagonal(rest, n, width, at, off, work);
}

// A sweep is exported lest it be made one with its only caller: each call of its own may run better code than the one
// before.
export { placeOrder, sweepBoth, tridiagonalBytes, tridiagonalEigenvalues } from './tridiagonal-ql';
