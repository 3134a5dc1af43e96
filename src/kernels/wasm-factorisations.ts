import { tridiagonalEigenvalues } from './tridiagonal-ql.js';
import type { WasmArena } from './wasm-arena.js';
import { copyLowerTriangle } from './wasm-blocks.js';

/** Rows are a little longer than the matrix: a power of two would map every row to the same cache lines. */
const ROW_PADDING = 8;
/** Columns that one call takes, as in the files of assembly/. */
const CHOLESKY_BLOCK = 64;
const QR_PANEL = 8;
const TRIDIAGONAL_PANEL = 16;

/** See `Kernels.cholesky`. */
export function cholesky(arena: WasmArena, a: Float64Array, n: number): boolean {
  const stride = n + ROW_PADDING;
  const [at] = arena.allocate([n * stride * 8]) as [number];
  const work = arena.floats(at, n * stride);
  copyLowerTriangle(a, n, work, stride, n);
  for (let first = 0; first < n; first += CHOLESKY_BLOCK) {
    if (arena.exports.choleskyBlock(at, n, stride * 8, first) === 0) return false;
  }
  copyLowerTriangle(work, stride, a, n, n);
  return true;
}

/** See `Kernels.qrDiagonal`. */
export function qrDiagonal(arena: WasmArena, a: Float64Array, count: number, height: number): Float64Array {
  const [at, diagonal, scales] = arena.allocate([a.length * 8, count * 8, count * 8]) as [
    number,
    number,
    number,
  ];
  arena.copyIn(at, a);
  for (let first = 0; first < count; first += QR_PANEL) {
    arena.exports.qrPanel(at, count, height - count, height, diagonal, scales, first);
  }
  return arena.floats(diagonal, count).slice();
}

/** See `Kernels.symmetricEigenvalues`. */
export function symmetricEigenvalues(arena: WasmArena, a: Float64Array, n: number): Float64Array {
  const stride = n + ROW_PADDING;
  const row = stride * 8;
  const [at, diagonal, off, v, w, x] = arena.allocate([
    n * row,
    n * 8,
    n * 8,
    TRIDIAGONAL_PANEL * row,
    TRIDIAGONAL_PANEL * row,
    n * 8,
  ]) as [number, number, number, number, number, number];
  copyLowerTriangle(a, n, arena.floats(at, n * stride), stride, n);
  if (n === 1) return a.slice(0, 1);
  for (let first = 0; first < n - 1; first += TRIDIAGONAL_PANEL) {
    arena.exports.tridiagonalPanel(at, n, row, diagonal, off, v, w, x, first);
  }
  return tridiagonalEigenvalues(arena.floats(diagonal, n).slice(), arena.floats(off, n).slice());
}
