import { copyNumbers } from '../arrays.js';
import { JobKind } from '../constants.js';
import type { Bounds, Centre, Compared, Comparison, PairTerms, RowSets } from '../kernels.js';
import type { Job, WasmArena } from './arena.js';
import {
  type PairPlaces,
  pairTermBytes,
  readPairTerms,
  scratchTermBytes,
  writePairTerms,
} from './pair-terms.js';
import { packColumns, packRows, panelSizes, placeCentre, stageBytes } from './panels.js';

type Values = Float32Array | Float64Array;

/** Tiles that are looked at before it is decided how the distances are taken: some, and a small share of all. */
const PROBED_TILES = { least: 8, most: 64, pairsEach: 4096 } as const;
/**
 * A tile that cannot be trusted costs its products and its differences: past this share, differences alone cost less.
 */
const MAX_UNTRUSTED_SHARE = 0.2;

const LEAST_BLOCK = 60;

/**
 * Counts the vectors of a block: a multiple of both sides of a tile. Depends on the shape alone, as the sums' order
 * does.
 */
function blockOf({ tiles }: WasmArena, vectors: number): number {
  if (vectors >= 1024) return 120;
  return tiles.tileCols() === 8 ? 72 : LEAST_BLOCK;
}

function blockTasks(vectors: number, block: number): number {
  const blocks = Math.ceil(vectors / block);
  return (blocks * (blocks + 1)) / 2;
}

function probedTiles(rows: number): number {
  const { least, most, pairsEach } = PROBED_TILES;
  return Math.min(most, Math.max(least, Math.floor((rows * (rows - 1)) / 2 / pairsEach)));
}

/** Counts the bytes of a block's right panels, its sums and a spare tile. */
function scratchBytes(block: number, length: number): number {
  return Math.ceil((block * (length + block) * 8) / 64) * 64 + 4096;
}

/** See `Kernels.sumPairwiseDistances`. */
export function sumPairwiseDistances(
  arena: WasmArena,
  x: Values,
  rows: number,
  cols: number,
  centre: Partial<Centre>,
  terms?: PairTerms,
): number {
  if (rows < 2) {
    terms?.nearest.fill(Number.POSITIVE_INFINITY);
    return 0;
  }
  arena.expect((rows * rows * cols) / 2);
  const block = blockOf(arena, rows);
  const tasks = blockTasks(rows, block);
  const behind = scratchBytes(block, cols);
  const own = behind + scratchTermBytes(rows, terms);
  const sizes = [...panelSizes(arena, rows, cols), cols * 8, cols * 8, tasks * 16, own * arena.threads];
  const [left, norms, mean, residual, sums, scratch, stage, lengths] = arena.allocate([
    ...sizes,
    stageBytes(cols),
    pairTermBytes(rows, terms),
  ]) as [number, number, number, number, number, number, number, number];
  // Rounding x − mean moves a distance by 2^-53 (‖x_i‖ + ‖x_j‖) of centred rows at most, and the mean distance is at
  // least half the mean of that sum: no digits are lost to it, whatever the offset.
  placeCentre(arena, { cols, mean, residual }, centre);
  packRows(arena, { x, rows, cols, stage, mean, residual, left, norms });
  const panels = { left, norms, vectors: rows, length: cols, block, scratch, scratchBytes: own };
  const job: Job = { ...panels, kind: JobKind.PAIRWISE, tasks, sums };
  arena.describeJob(job);
  const byDifferences = arena.exports.untrustedShare(probedTiles(rows)) > MAX_UNTRUSTED_SHARE ? 1 : 0;
  const places = { rows, tasks, sums, scratch, own, behind, lengths };
  arena.describeJob({ ...job, byDifferences, ...writePairTerms(arena, places, terms) });
  arena.exports.runJob();
  return takeSums(arena, places, terms);
}

/** Takes the sum of distances, and with it what else is wanted of the pairs. */
function takeSums(arena: WasmArena, places: PairPlaces, terms: PairTerms | undefined): number {
  const { sums, tasks } = places;
  if (terms !== undefined) {
    readPairTerms(arena, places, terms);
    if (terms.repulsion !== null) terms.repulsion.sum = compensatedSum(arena.floats(sums + tasks * 8, tasks));
  }
  return compensatedSum(arena.floats(sums, tasks));
}

/**
 * See `Kernels.gram`, `Kernels.gramOfColumns` and, for what it returns, `Kernels.gramAndDistances`: null where
 * distances are not asked for.
 */
export function gram(
  arena: WasmArena,
  x: Values,
  rows: number,
  cols: number,
  out: Float64Array,
  centre: Centre | undefined,
  wanted: 'rows' | 'columns' | 'rows and distances',
  terms?: PairTerms,
): number | null {
  const byColumns = wanted === 'columns';
  const [vectors, length] = byColumns ? [cols, rows] : [rows, cols];
  arena.expect((vectors * vectors * length) / 2);
  const block = blockOf(arena, vectors);
  const behind = scratchBytes(block, length);
  const own = behind + scratchTermBytes(rows, terms);
  const tasks = blockTasks(vectors, block);
  const sizes = [...panelSizes(arena, vectors, length), cols * 8, cols * 8, own * arena.threads];
  const [left, norms, mean, residual, scratch, stage, output, sums, lengths] = arena.allocate([
    ...sizes,
    stageBytes(cols, byColumns),
    vectors * vectors * 8,
    tasks * 16,
    pairTermBytes(rows, terms),
  ]) as [number, number, number, number, number, number, number, number, number];
  placeCentre(arena, { cols, mean, residual }, centre);
  const pack = byColumns ? packColumns : packRows;
  pack(arena, { x, rows, cols, stage, mean, residual, left, norms });
  const panels = { left, norms, vectors, length, block, scratch, scratchBytes: own };
  const job = { ...panels, kind: JobKind.GRAM, tasks, output };
  arena.describeJob(job);
  const distances =
    wanted === 'rows and distances' && arena.exports.untrustedShare(probedTiles(rows)) <= MAX_UNTRUSTED_SHARE;
  const places = { rows, tasks, sums, scratch, own, behind, lengths };
  if (distances) arena.describeJob({ ...job, sums, ...writePairTerms(arena, places, terms) });
  arena.exports.runJob();
  copyLowerTriangle(arena.floats(output, vectors * vectors), out, vectors);
  return distances ? takeSums(arena, places, terms) : null;
}

/** See `Kernels.rowProducts`. */
export function rowProducts(
  arena: WasmArena,
  sets: RowSets,
  out: Float64Array,
  mean: Float64Array | undefined,
): void {
  const { xRows, yRows, cols } = sets;
  if (xRows === 0 || yRows === 0) return;
  arena.expect(xRows * yRows * cols);
  const { job, blocks, places } = packSets(arena, sets, mean, [xRows * yRows * 8]);
  const [output] = places as [number];
  arena.describeJob({ ...job, kind: JobKind.PRODUCTS, tasks: blocks.ofX * blocks.ofY, output });
  arena.exports.runJob();
  out.set(arena.floats(output, xRows * yRows));
}

/** See `Kernels.compareProducts`. */
export function compareProducts(
  arena: WasmArena,
  sets: RowSets,
  { mean, scale, ofX, ofY }: Comparison,
): Compared {
  const { xRows, yRows, cols } = sets;
  const { exports } = arena;
  arena.expect((xRows * yRows * cols) / 2);
  const [roomOfX, roomOfY] = [exports.boundsRoom(xRows), exports.boundsRoom(yRows)];
  const words = roomOfY / 32;
  const counts = 4 * xRows * Math.ceil(yRows / (2 * LEAST_BLOCK));
  const sizes = [12 * (roomOfX + roomOfY), counts, xRows * words * 4];
  const { job, blocks, places } = packSets(arena, sets, mean, sizes);
  const [bounds, sums, output] = places as [number, number, number];
  exports.narrowPanels(job.left, panelSizes(arena, job.vectors, cols)[0] / 8, scale);
  placeBounds(arena.singles(bounds, 3 * roomOfX), ofX);
  placeBounds(arena.singles(bounds + 12 * roomOfX, 3 * roomOfY), ofY);
  const open = arena.words(output, xRows * words).fill(0);
  const columns = Math.ceil(blocks.ofY / 2);
  const tasks = blocks.ofX * columns;
  arena.describeJob({ ...job, kind: JobKind.COMPARISONS, tasks, bounds, sums, output });
  exports.runJob();
  const above = new Uint32Array(xRows);
  for (let column = 0; column < columns; column++) {
    const found = arena.words(sums + column * xRows * 4, xRows);
    for (let i = 0; i < xRows; i++) above[i] = above[i]! + found[i]!;
  }
  return { above, open: open.slice() };
}

/** Of the columns past the last one, no product is above or left open. */
function placeBounds(to: Float32Array, { least, most, room }: Bounds): void {
  to.fill(Number.POSITIVE_INFINITY);
  const step = to.length / 3;
  to.set(least);
  to.set(most, step);
  to.fill(0, 2 * step).set(room, 2 * step);
}

/**
 * Packs both sets, those of `y` from the next block after `x` on, and finds room for `others`, in bytes. Returns what their
 * job is described by, and how many blocks each has.
 */
function packSets(
  arena: WasmArena,
  { x, xRows, y, yRows, cols }: RowSets,
  mean: Float64Array | undefined,
  others: readonly number[],
) {
  const block = blockOf(arena, xRows + yRows);
  const blocks = { ofX: Math.ceil(xRows / block), ofY: Math.ceil(yRows / block) };
  const first = blocks.ofX * block;
  const vectors = first + yRows;
  const own = scratchBytes(block, cols);
  const sizes = [
    ...panelSizes(arena, vectors, cols),
    cols * 8,
    cols * 8,
    own * arena.threads,
    stageBytes(cols),
  ];
  const [left, norms, meanAt, residual, scratch, stage, ...places] = arena.allocate([
    ...sizes,
    ...others,
  ]) as [number, number, number, number, number, number, ...number[]];
  placeCentre(arena, { cols, mean: meanAt, residual }, mean && { mean });
  const packing = { cols, stage, mean: meanAt, residual, left, norms, vectors };
  packRows(arena, { ...packing, x, rows: xRows });
  packRows(arena, { ...packing, x: y, rows: yRows, first });
  const job = { left, vectors, length: cols, block, scratch, scratchBytes: own, rows: xRows };
  return { job, blocks, places };
}

/** Copies the lower triangle of `from` [n, n] into `to` [n, n]. */
function copyLowerTriangle(from: Float64Array, to: Float64Array, n: number): void {
  for (let k = 0, end = 1; k < n * n; k += n, end += n + 1) copyNumbers(from, k, end - k, to, k);
}

/** Sums terms of one sign as Kahan does. */
function compensatedSum(terms: Float64Array): number {
  let sum = 0;
  let carry = 0;
  for (const term of terms) {
    const y = term - carry;
    const t = sum + y;
    carry = t - sum - y;
    sum = t;
  }
  return sum;
}
