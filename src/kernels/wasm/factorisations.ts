import { JobKind, QR_PANEL } from '../constants.js';
import { ArenaFull, type WasmArena } from './arena.js';

/** Rows of a matrix that are handed over at a time: even, and no more than there is room for beside it. */
const ROWS = 16;

/** See `Kernels.cholesky`. */
export function cholesky(arena: WasmArena, a: Float64Array, n: number): boolean {
  const factor = choleskyFactor(arena, a, n, 1, 0);
  if (factor === null) return false;
  const row = arena.floats(factor.row, n);
  for (let i = 0; i < n; i++) {
    arena.exports.takeTriangle(factor.at, n, i, 0, factor.row);
    a.set(row.subarray(0, i + 1), i * n);
  }
  return true;
}

/** See `Kernels.choleskyDiagonal`. */
export function choleskyDiagonal(
  arena: WasmArena,
  a: Float64Array,
  n: number,
  divisor: number,
  shift: number,
): Float64Array | null {
  const factor = choleskyFactor(arena, a, n, divisor, shift);
  if (factor === null) return null;
  arena.exports.takeDiagonal(factor.at, n, factor.row);
  return arena.floats(factor.row, n).slice();
}

/** Factors, and returns where the factor is, with a row of room beside it; null where there is none. */
function choleskyFactor(
  arena: WasmArena,
  a: Float64Array,
  n: number,
  divisor: number,
  shift: number,
): { at: number; row: number } | null {
  const { exports } = arena;
  const own = exports.choleskyTileBytes();
  const [at, tiles, stage] = arena.allocate([
    exports.choleskyBytes(n),
    own * arena.threads,
    ROWS * 8 * n,
  ]) as [number, number, number];
  const rows = arena.floats(stage, ROWS * n);
  for (let i = 0; i < n; i += ROWS) {
    const count = Math.min(ROWS, n - i);
    rows.set(a.subarray(i * n, (i + count) * n));
    exports.placeTriangle(at, n, i, count, stage, divisor, shift);
  }
  // A block's columns are one call, and its rows below a job.
  const block = own / 8 / arena.tiles.tileRows();
  for (let first = 0; first < n; first += block) {
    const tasks = exports.choleskyBlock(at, n, first, tiles);
    if (tasks < 0) return null;
    if (tasks === 0) continue;
    const matrix = { left: at, vectors: n, length: first, scratch: tiles, scratchBytes: own };
    arena.describeJob({ ...matrix, kind: JobKind.CHOLESKY, tasks });
    exports.runJob();
  }
  return { at, row: stage };
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
  const inTurns = (count: number) => {
    const turns: Float64Array[][] = [];
    for (let from = 0; from < matrices.length; from += count) {
      const some = matrices.slice(from, from + count);
      turns.push(eigenvaluesTogether(arena, some, n, scales?.slice(from)));
    }
    return turns.flat();
  };
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
  for (const [k, a] of matrices.entries()) {
    // Rows come by where there is nothing yet: at the end of what the matrix will be worked on in.
    const stage = at + (k + 1) * own - ROWS * 8 * n;
    const rows = arena.floats(stage, ROWS * n);
    for (let i = 0; i < n; i += ROWS) {
      const count = Math.min(ROWS, n - i);
      rows.set(a.subarray(i * n, (i + count) * n));
      algebra.placeRows(at + k * own, n, i, count, stage, scales?.[k] ?? 1);
    }
  }
  arena.describeJob({
    kind: JobKind.EIGENVALUES,
    tasks: matrices.length,
    vectors: n,
    scratch: at,
    scratchBytes: own,
  });
  exports.runJob();
  return matrices.map((_, k) => {
    const found = arena.floats(at + k * own, n).slice();
    if (Number.isNaN(found[0])) throw new RangeError('the eigenvalues do not converge');
    return found.sort();
  });
}
