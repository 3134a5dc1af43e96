import { ArenaFull, type WasmArena } from './wasm-arena.js';
import { copyLowerTriangle } from './wasm-blocks.js';

/** The kind of job, as in assembly/job.ts. */
const EIGENVALUES = 3;
/** Rows are a little longer than the matrix: a power of two would map every row to the same cache lines. */
const ROW_PADDING = 8;
/** Columns that one call takes, as in the files of assembly/. */
const CHOLESKY_BLOCK = 64;
const QR_PANEL = 8;

/** See `Kernels.cholesky`. */
export function cholesky(arena: WasmArena, a: Float64Array, n: number): boolean {
  const stride = n + ROW_PADDING;
  const [at] = arena.allocate([n * stride * 8]) as [number];
  const work = arena.floats(at, n * stride);
  copyLowerTriangle(a, n, work, stride, n);
  for (let first = 0; first < n; first += CHOLESKY_BLOCK) {
    if (arena.algebra.choleskyBlock(at, n, stride * 8, first) === 0) return false;
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
    arena.algebra.qrPanel(at, count, height - count, height, diagonal, scales, first);
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
  scales?: readonly number[],
): Float64Array[] {
  if (n === 1) return matrices.map((a, k) => Float64Array.of(a[0]! * (scales?.[k] ?? 1)));
  const together = Math.min(matrices.length, arena.threads);
  const inTurns = (count: number) =>
    matrices.flatMap((_, from) =>
      from % count === 0
        ? eigenvaluesTogether(arena, matrices.slice(from, from + count), n, scales?.slice(from))
        : [],
    );
  try {
    return inTurns(together);
  } catch (error) {
    if (together > 1 && error instanceof ArenaFull) return inTurns(1);
    throw error;
  }
}

function eigenvaluesTogether(
  arena: WasmArena,
  matrices: readonly Float64Array[],
  n: number,
  scales?: readonly number[],
): Float64Array[] {
  const { algebra, exports } = arena;
  const own = Math.ceil(algebra.eigenvalueBytes(n) / 64) * 64;
  const [at] = arena.allocate([own * matrices.length]) as [number];
  const step = 8 * (n + 1);
  for (const [k, a] of matrices.entries()) {
    // Rows come by where there is nothing yet: at the end of what the matrix will be worked on in.
    const stage = at + (k + 1) * own - 2 * step;
    const rows = arena.floats(stage, 2 * (n + 1));
    for (let i = 0; i < n; i += 2) {
      const count = Math.min(2, n - i);
      for (let r = 0; r < count; r++) rows.set(a.subarray((i + r) * n, (i + r) * n + i + r + 1), r * (n + 1));
      algebra.placeRows(at + k * own, n, i, count, stage, step, scales?.[k] ?? 1);
    }
  }
  exports.describeJob(EIGENVALUES, matrices.length, 0, 0, n, 0, 0, 0, 0, at, own);
  exports.runJob();
  return matrices.map((_, k) => {
    const found = arena.floats(at + k * own, n).slice();
    if (Number.isNaN(found[0])) throw new RangeError('the eigenvalues do not converge');
    return found.sort();
  });
}
