import { JobKind } from '../constants.js';
import { type Directions, MULTIPLES, type PhaseSums, type ProjectedRows } from '../kernels.js';
import type { WasmArena } from './arena.js';
import { packRows, panelSizes, placeCentre, stageBytes } from './panels.js';

/** Directions of a task: a multiple of both sides of any tile. */
const BLOCK = 48;
/** Values of rows that are packed at a time: 2 MiB stay in a second-level cache. */
const ROW_VALUES = 2 ** 18;
/** Fewer would leave room in a tile. */
const LEAST_ROWS = 6;
/** Float64 that a direction's sums are of. */
const SUMS = 2 * MULTIPLES;
/** Columns of a tile at most. */
const WIDEST_TILE = 8;

/** Directions that stay packed from call to call, and where. */
export interface KeptDirections {
  of: Directions | null;
  at: number;
}

/** See `Kernels.phaseSums`. */
export function phaseSums(
  arena: WasmArena,
  kept: KeptDirections,
  { x, rows, cols, directions, step, limit }: ProjectedRows,
): PhaseSums {
  const { count } = directions;
  arena.expect(rows * cols * count);
  arena.preparePhases();
  const { exports } = arena;
  if (kept.of !== directions) keepDirections(arena, kept, directions, cols);
  const own = Math.ceil(exports.projectionScratchBytes(BLOCK) / 64) * 64;
  const most = Math.min(rows, Math.max(LEAST_ROWS, 2 * Math.floor(ROW_VALUES / 2 / cols)));
  const sums = paddedTo(WIDEST_TILE, count) * SUMS;
  const [left, norms, mean, residual, scale, output, scratch, stage] = arena.allocate([
    ...panelSizes(arena, most, cols),
    ...[cols * 8, cols * 8, 16, sums * 8],
    ...[own * arena.threads, stageBytes(cols)],
  ]) as [number, number, number, number, number, number, number, number];
  placeCentre(arena, { cols, mean, residual }, undefined);
  arena.floats(scale, 2).set([step, limit]);
  arena.floats(output, sums).fill(0);
  for (let i = 0; i < rows; i += most) {
    const vectors = Math.min(most, rows - i);
    const some = x.subarray(i * cols, (i + vectors) * cols);
    packRows(arena, { x: some, rows: vectors, cols, stage, mean, residual, left, norms });
    arena.describeJob({
      ...{ kind: JobKind.PROJECTIONS, tasks: Math.ceil(count / BLOCK), left, vectors, length: cols, output },
      ...{ block: BLOCK, directions: count, right: kept.at, scale, scratch, scratchBytes: own },
    });
    exports.runJob();
  }
  return unfolded(arena.floats(output, sums), count, rows);
}

function keepDirections(arena: WasmArena, kept: KeptDirections, directions: Directions, cols: number): void {
  const { count } = directions;
  kept.of = null;
  kept.at = arena.keep(paddedTo(WIDEST_TILE, count) * cols * 8);
  const most = Math.min(BLOCK, count);
  const [left, norms, mean, residual, stage] = arena.allocate([
    ...[...panelSizes(arena, most, cols), cols * 8, cols * 8, stageBytes(cols)],
  ]) as [number, number, number, number, number];
  placeCentre(arena, { cols, mean, residual }, undefined);
  for (let first = 0; first < count; first += BLOCK) {
    const rows = Math.min(BLOCK, count - first);
    packRows(arena, { x: directions.draw(first, rows), rows, cols, stage, mean, residual, left, norms });
    arena.exports.packRight(left, rows, cols, 0, rows, kept.at + first * cols * 8);
  }
  kept.of = directions;
}

/**
 * Σ cos kθ and Σ sin kθ of what `addPhases` sums: cos (8 + j)θ = 2 cos 8θ cos jθ − cos (8 − j)θ, and
 * sin (8 + j)θ = 2 cos 8θ sin jθ + sin (8 − j)θ.
 */
function unfolded(sums: Float64Array, count: number, rows: number): PhaseSums {
  const cosines = new Float64Array(count * MULTIPLES);
  const sines = new Float64Array(count * MULTIPLES);
  // Of the row of angle 0 that makes their number even: 1 each.
  const odd = rows % 2;
  const half = MULTIPLES / 2;
  for (let d = 0; d < count; d++) {
    const pair = Math.floor(d / 2) * 2 * SUMS + (d % 2);
    const at = d * MULTIPLES - 1;
    for (let k = 1; k <= 2 * half; k++) {
      const j = k > half ? k - half : k;
      const sign = j % 4 === 2 || j % 4 === 3 ? -1 : 1;
      const place = pair + 8 * (j - 1) + (k > half ? 4 : 0);
      const c = sign * sums[place]! - odd;
      const s = sign * sums[place + 2]!;
      const mirror = at + half - j;
      cosines[at + k] = k <= half ? c : 2 * c - (j === half ? rows : cosines[mirror]!);
      sines[at + k] = k <= half ? s : 2 * s + (j === half ? 0 : sines[mirror]!);
    }
  }
  return { cosines, sines };
}

function paddedTo(multiple: number, count: number): number {
  return Math.ceil(count / multiple) * multiple;
}
