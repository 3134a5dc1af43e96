import { tridiagonalEigenvalues } from './tridiagonal-ql.js';
import { ArenaFull, type WasmArena } from './wasm-arena.js';
import { copyLowerTriangle } from './wasm-blocks.js';

/** The kind of job, as in assembly/job.ts. */
const TRIDIAGONAL = 3;
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

/**
 * See `Kernels.symmetricEigenvaluesOf`. As many matrices as there are threads are reduced at the same time, each by one
 * thread in memory of its own; one at a time where there is no room for more.
 */
export function symmetricEigenvaluesOf(
  arena: WasmArena,
  matrices: readonly Float64Array[],
  n: number,
): Float64Array[] {
  if (n === 1) return matrices.map((a) => a.slice(0, 1));
  const together = Math.min(matrices.length, arena.threads);
  try {
    return eigenvaluesInTurns(arena, matrices, n, together);
  } catch (error) {
    if (together > 1 && error instanceof ArenaFull) return eigenvaluesInTurns(arena, matrices, n, 1);
    throw error;
  }
}

function eigenvaluesInTurns(
  arena: WasmArena,
  matrices: readonly Float64Array[],
  n: number,
  together: number,
): Float64Array[] {
  const stride = n + ROW_PADDING;
  const row = stride * 8;
  // The matrix, two panels, the diagonal, what is beside it, and a column at work: as in assembly/tridiagonal.ts.
  const own = Math.ceil(((n + 2 * TRIDIAGONAL_PANEL + 3) * row) / 64) * 64;
  const found: Float64Array[] = [];
  for (let from = 0; from < matrices.length; from += together) {
    const some = matrices.slice(from, from + together);
    const [at] = arena.allocate([own * some.length]) as [number];
    for (const [i, a] of some.entries())
      copyLowerTriangle(a, n, arena.floats(at + i * own, n * stride), stride, n);
    arena.exports.describeJob(TRIDIAGONAL, some.length, 0, 0, n, stride, 0, 0, 0, at, own);
    arena.exports.runJob();
    for (const i of some.keys()) {
      const diagonal = at + i * own + (n + 2 * TRIDIAGONAL_PANEL) * row;
      const off = diagonal + row;
      found.push(tridiagonalEigenvalues(arena.floats(diagonal, n).slice(), arena.floats(off, n).slice()));
    }
  }
  return found;
}
