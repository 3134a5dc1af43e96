import { copyRow, orderOf, tridiagonal } from '../arrays.js';
import { JobKind, QR_PANEL } from '../constants.js';
import type { DoubledMatrix, SymmetricMatrix, Tridiagonal } from '../kernels.js';
import { tridiagonalOf } from '../serial/symmetric-eigenvalues.js';
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
  arena.expect(n ** 3 / 6);
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

/** See `Kernels.qrFactor`. */
export function qrFactor(arena: WasmArena, a: Float64Array, count: number, height: number): void {
  arena.expect(a.length * count);
  const [at, diagonal, scales] = arena.allocate([a.length * 8, count * 8, count * 8]) as [
    number,
    number,
    number,
  ];
  arena.copyIn(at, a);
  for (let first = 0; first < count; first += QR_PANEL) {
    arena.algebra.qrPanel(at, count, height - count, height, diagonal, scales, first);
  }
  const found = arena.floats(at, a.length);
  const heads = arena.floats(diagonal, count);
  for (let j = 0; j < count; j++) {
    a.set(found.subarray(j * height, j * height + j), j * height);
    a[j * height + j] = heads[j]!;
  }
}

/**
 * See `Kernels.tridiagonalsOf`. As many matrices as there are threads are reduced at the same time, each by one thread
 * in memory of its own; one at a time where there is no room for more.
 */
export function tridiagonalsOf(
  arena: WasmArena,
  matrices: readonly (SymmetricMatrix | DoubledMatrix)[],
  n: number,
): Tridiagonal[] {
  const together = Math.min(matrices.length, arena.threads);
  const inTurns = (count: number) => {
    const turns: Tridiagonal[] = [];
    for (let from = 0; from < matrices.length; from += count) {
      turns.push(...reducedTogether(arena, matrices.slice(from, from + count), n));
    }
    return turns;
  };
  try {
    return inTurns(together);
  } catch (error) {
    if (together > 1 && error instanceof ArenaFull) return inTurns(1);
    throw error;
  }
}

function reducedTogether(
  arena: WasmArena,
  matrices: readonly (SymmetricMatrix | DoubledMatrix)[],
  n: number,
): Tridiagonal[] {
  const order = orderOf(matrices[0], n);
  if (order === 1) return matrices.map((matrix) => tridiagonalOf(matrix, n));
  arena.expect(order ** 3 * matrices.length);
  const { algebra, exports } = arena;
  const own = Math.ceil(algebra.reductionBytes(order) / 64) * 64;
  const [at] = arena.allocate([own * matrices.length]) as [number];
  const borderIsLast = Boolean(algebra.beginsWithLastRow(order));
  for (const [k, matrix] of matrices.entries()) {
    // Rows come by where there is nothing yet: at the end of what the matrix will be worked on in.
    const stage = at + (k + 1) * own - ROWS * 8 * order;
    const rows = arena.floats(stage, ROWS * order);
    for (let i = 0; i < order; i += ROWS) {
      const count = Math.min(ROWS, order - i);
      for (let r = 0; r < count; r++) copyRow(matrix, n, i + r, rows, r * order, borderIsLast);
      algebra.placeRows(at + k * own, order, i, count, stage, matrix.scale ?? 1);
    }
  }
  arena.describeJob({
    kind: JobKind.TRIDIAGONALS,
    tasks: matrices.length,
    vectors: order,
    scratch: at,
    scratchBytes: own,
  });
  exports.runJob();
  return matrices.map((_, k) => {
    const off = arena.floats(algebra.offDiagonalAt(at + k * own, order), order - 1);
    return tridiagonal(arena.floats(at + k * own, order).slice(), off.slice());
  });
}

/** See `Kernels.tridiagonalEigenvalues`. A task is two matrices, whose sweeps go on at once. */
export function tridiagonalEigenvalues(arena: WasmArena, matrices: readonly Tridiagonal[]): Float64Array[] {
  const { algebra, exports } = arena;
  const most = matrices.reduce((most, { diagonal }) => Math.max(most, diagonal.length), 0);
  const own = Math.ceil(algebra.tridiagonalBytes(most) / 64) * 64;
  const [at] = arena.allocate([own * matrices.length]) as [number];
  const placeOf = (k: number) => at + k * own + algebra.tridiagonalBytes(0);
  for (const [k, { diagonal, off, size }] of matrices.entries()) {
    algebra.placeOrder(at + k * own, diagonal.length, most, (size * 2 ** -60) ** 2);
    const squares = off.map((x) => x * x);
    const isUpsideDown = Math.abs(diagonal[0]!) > Math.abs(diagonal.at(-1)!);
    const room = arena.floats(placeOf(k), 2 * most);
    room.set(isUpsideDown ? diagonal.toReversed() : diagonal);
    room.set(isUpsideDown ? squares.reverse() : squares, most);
  }
  const tasks = Math.ceil(matrices.length / 2);
  arena.describeJob({
    kind: JobKind.EIGENVALUES,
    tasks,
    vectors: matrices.length,
    scratch: at,
    scratchBytes: own,
  });
  exports.runJob();
  return matrices.map(({ diagonal }, k) => {
    const found = arena.floats(placeOf(k), diagonal.length).slice();
    if (found.some(Number.isNaN)) throw new RangeError('the eigenvalues do not converge');
    return found.sort();
  });
}
