import { SLAB } from '../constants.js';
import type { Centre } from '../kernels.js';
import type { WasmArena } from './arena.js';

/** Bytes of a matrix that pass through the arena at a time, small enough to stay in a second-level cache. */
const STAGE_BYTES = 2 ** 19;

type Values = Float32Array | Float64Array;

/** Counts the bytes of the left panels of `vectors` vectors, and those of their squared norms. */
export function panelSizes(arena: WasmArena, vectors: number, length: number): [left: number, norms: number] {
  const padded = Math.ceil(vectors / arena.tiles.tileRows()) * arena.tiles.tileRows();
  return [padded * length * 8, padded * 8 + 64];
}

/** Counts the bytes of the window that a matrix of `cols` columns is packed through, as columns or as rows. */
export function stageBytes(cols: number, byColumns = false): number {
  return Math.max(STAGE_BYTES, (byColumns ? SLAB : 1) * cols * 8);
}

interface Packing {
  readonly x: Values;
  readonly rows: number;
  readonly cols: number;
  readonly stage: number;
  readonly mean: number;
  readonly residual: number;
  readonly left: number;
  readonly norms: number;
}

interface RowPacking extends Packing {
  /** Which vector the first row becomes; 0 unless given. */
  readonly first?: number;
  /** How many vectors there are in all; those of `rows` unless given. */
  readonly vectors?: number;
}

/** Puts what is to be subtracted from every row in its place. */
export function placeCentre(
  arena: WasmArena,
  { cols, mean, residual }: Pick<Packing, 'cols' | 'mean' | 'residual'>,
  centre: Partial<Centre> | undefined,
): void {
  const m = arena.floats(mean, cols);
  const r = arena.floats(residual, cols);
  if (centre?.mean === undefined) m.fill(0);
  else m.set(centre.mean);
  if (centre?.residual === undefined) r.fill(0);
  else r.set(centre.residual);
}

/** Packs rows as vectors. */
export function packRows(arena: WasmArena, packing: RowPacking): void {
  const { x, rows, cols, stage, mean, residual, left, norms, first = 0, vectors = rows } = packing;
  const bytes = x.BYTES_PER_ELEMENT;
  const step = Math.max(1, Math.floor(STAGE_BYTES / (cols * bytes)));
  for (let i = 0; i < rows; i += step) {
    const count = Math.min(step, rows - i);
    arena.copyIn(stage, x.subarray(i * cols, (i + count) * cols));
    arena.exports.packRows(stage, bytes, first + i, count, vectors, cols, mean, residual, left, norms);
  }
}

/** Packs columns as vectors. */
export function packColumns(arena: WasmArena, packing: Packing): void {
  const { x, rows, cols, stage, mean, residual, left } = packing;
  for (let i = 0; i < rows; i += SLAB) {
    const count = Math.min(SLAB, rows - i);
    arena.copyIn(stage, x.subarray(i * cols, (i + count) * cols));
    arena.exports.packColumns(stage, x.BYTES_PER_ELEMENT, i, count, cols, mean, residual, left);
  }
}
