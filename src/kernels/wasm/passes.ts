import type { AffineRows, Centre, ColumnSurvey, MatrixPair, MomentSums } from '../kernels.js';
import { BLOCK_ROWS } from '../serial/passes.js';
import type { PassArena } from './arena.js';

type Values = Float32Array | Float64Array;

/** Bytes of one matrix that pass through the arena at a time: two of them stay in a second-level cache. */
const STAGE_BYTES = 2 ** 18;

/** See `Kernels.surveyColumns`. */
export function surveyColumns(arena: PassArena, x: Values, rows: number, cols: number): ColumnSurvey {
  const bytes = x.BYTES_PER_ELEMENT;
  const step = rowsAtOnce(cols, bytes);
  const [arrays, stage] = arena.allocate([4 * 8 * cols, step * cols * bytes]) as [number, number];
  const [origin, block, low, high] = inARow(arrays, cols) as [number, number, number, number];
  for (const at of [origin, low, high]) arena.floats(at, cols).set(x.subarray(0, cols));
  const sums = inBlocks(arena, { x, rows, cols, step, bytes, block, stage }, (at, count) =>
    arena.exports.surveyColumns(at, bytes, count, cols, origin, block, low, high),
  );
  return { sums, min: arena.floats(low, cols).slice(), max: arena.floats(high, cols).slice() };
}

/** See `Kernels.columnMoments`. */
export function columnMoments(
  arena: PassArena,
  x: Values,
  rows: number,
  cols: number,
  mean: Float64Array,
): MomentSums {
  const bytes = x.BYTES_PER_ELEMENT;
  const step = rowsAtOnce(cols, bytes);
  const [arrays, stage] = arena.allocate([3 * 8 * cols, step * cols * bytes]) as [number, number];
  // The sums and the squares are one block of twice the width.
  const [about, block] = inARow(arrays, cols) as [number, number];
  arena.floats(about, cols).set(mean);
  const both = inBlocks(arena, { x, rows, cols, step, bytes, block, stage, width: 2 * cols }, (at, count) =>
    arena.exports.columnMoments(at, bytes, count, cols, about, block, block + 8 * cols),
  );
  return { sums: both.slice(0, cols), squares: both.slice(cols) };
}

/** See `Kernels.columnProducts`. */
export function columnProducts(
  arena: PassArena,
  { x, y, rows, cols }: MatrixPair,
  xMean: Float64Array,
  yMean: Float64Array,
): Float64Array {
  const bytes = sharedBytes(x, y);
  const step = rowsAtOnce(cols, bytes);
  const [arrays, stage, yStage] = arena.allocate([
    3 * 8 * cols,
    step * cols * bytes,
    step * cols * bytes,
  ]) as [number, number, number];
  const [aboutX, aboutY, block] = inARow(arrays, cols) as [number, number, number];
  arena.floats(aboutX, cols).set(xMean);
  arena.floats(aboutY, cols).set(yMean);
  return inBlocks(arena, { x, rows, cols, step, bytes, block, stage }, (at, count, from) => {
    place(arena, yStage, y.subarray(from * cols, (from + count) * cols), bytes);
    arena.exports.columnProducts(at, yStage, bytes, count, cols, aboutX, aboutY, block);
  });
}

/** See `Kernels.rowPairSums`. */
export function rowPairSums(
  arena: PassArena,
  { x, y, rows, cols }: MatrixPair,
  xCentre?: Centre,
  yCentre?: Centre,
): Float64Array {
  const bytes = sharedBytes(x, y);
  const step = rowsAtOnce(cols, bytes);
  const [aboutX, aboutY, sums, stage, yStage] = arena.allocate([
    16 * cols,
    16 * cols,
    32 * step,
    step * cols * bytes,
    step * cols * bytes,
  ]) as [number, number, number, number, number];
  placeCentre(arena, aboutX, cols, xCentre);
  placeCentre(arena, aboutY, cols, yCentre);
  const out = new Float64Array(4 * rows);
  for (let i = 0; i < rows; i += step) {
    const count = Math.min(step, rows - i);
    place(arena, stage, x.subarray(i * cols, (i + count) * cols), bytes);
    place(arena, yStage, y.subarray(i * cols, (i + count) * cols), bytes);
    arena.exports.rowPairSums(stage, yStage, bytes, count, cols, aboutX, aboutY, sums);
    out.set(arena.floats(sums, 4 * count), 4 * i);
  }
  return out;
}

/** See `Kernels.rowSums`. */
export function rowSums(
  arena: PassArena,
  x: Values,
  rows: number,
  cols: number,
  centre: Float64Array,
): Float64Array {
  const bytes = x.BYTES_PER_ELEMENT;
  const step = rowsAtOnce(cols, bytes);
  const [about, sums, stage] = arena.allocate([8 * cols, 24 * step, step * cols * bytes]) as [
    number,
    number,
    number,
  ];
  arena.floats(about, cols).set(centre);
  const out = new Float64Array(3 * rows);
  for (let i = 0; i < rows; i += step) {
    const count = Math.min(step, rows - i);
    place(arena, stage, x.subarray(i * cols, (i + count) * cols), bytes);
    arena.exports.rowSums(stage, bytes, count, cols, about, sums);
    out.set(arena.floats(sums, 3 * count), 3 * i);
  }
  return out;
}

/** See `Kernels.affineMoments`. */
export function affineMoments(
  arena: PassArena,
  { x, rows, cols, centre, factors }: AffineRows,
  mean: Float64Array,
): MomentSums {
  const bytes = x.BYTES_PER_ELEMENT;
  const step = rowsAtOnce(cols, bytes);
  // Entries are taken two at a time: of an odd number, one more is read and written than counts.
  const even = cols + (cols % 2);
  const [arrays, own, stage] = arena.allocate([4 * 8 * even, 24 * step, step * cols * bytes + bytes]) as [
    number,
    number,
    number,
  ];
  const [direction, about, block] = inARow(arrays, even) as [number, number, number];
  arena.floats(direction, cols).set(centre);
  arena.floats(about, cols).set(mean);
  const blocks = { x, rows, cols, step, bytes, block, stage, width: 2 * even };
  const both = inBlocks(arena, blocks, (at, count, from) => {
    arena.copyIn(own, factors.subarray(3 * from, 3 * (from + count)));
    arena.exports.affineMoments(at, bytes, count, cols, own, direction, about, block, block + 8 * even);
  });
  return { sums: both.slice(0, cols), squares: both.slice(even, even + cols) };
}

/** Puts the mean, and the residual right behind it; zeros where there is no centre. */
function placeCentre(arena: PassArena, at: number, cols: number, centre: Centre | undefined): void {
  const place = arena.floats(at, 2 * cols);
  place.fill(0);
  if (centre === undefined) return;
  place.set(centre.mean);
  place.set(centre.residual, cols);
}

/** Lists where arrays of `cols` float64 begin that follow each other without a gap. */
function inARow(first: number, cols: number): number[] {
  return [0, 1, 2, 3].map((i) => first + 8 * cols * i);
}

/** Counts the rows of a call: never more than a block, so that a block is one call or a few. */
function rowsAtOnce(cols: number, bytes: number): number {
  return Math.max(1, Math.min(BLOCK_ROWS, Math.floor(STAGE_BYTES / (bytes * cols))));
}

/** Counts the bytes of an entry where two matrices are read side by side: float32 beside float64 becomes float64. */
function sharedBytes(x: Values, y: Values): number {
  return Math.max(x.BYTES_PER_ELEMENT, y.BYTES_PER_ELEMENT);
}

function place(arena: PassArena, at: number, values: Values, bytes: number): void {
  if (values.BYTES_PER_ELEMENT === bytes) arena.copyIn(at, values);
  else arena.floats(at, values.length).set(values);
}

interface Blocks {
  readonly x: Values;
  readonly rows: number;
  readonly cols: number;
  /** Rows that `stage` holds. */
  readonly step: number;
  /** Of an entry on the stage. */
  readonly bytes: number;
  /** Where the sums of a block stand, [width]. */
  readonly block: number;
  readonly stage: number;
  /** `cols` unless said. */
  readonly width?: number;
}

/** Sums [width] over all rows; `add` takes `count` rows at `stage`, row `from` the first, into the sums of a block. */
function inBlocks(
  arena: PassArena,
  { x, rows, cols, step, bytes, block, stage, width = cols }: Blocks,
  add: (stage: number, count: number, from: number) => void,
): Float64Array {
  const total = new Float64Array(width);
  const sums = arena.floats(block, width);
  for (let from = 0; from < rows; from += BLOCK_ROWS) {
    const end = Math.min(from + BLOCK_ROWS, rows);
    sums.fill(0);
    for (let i = from; i < end; i += step) {
      const count = Math.min(step, end - i);
      place(arena, stage, x.subarray(i * cols, (i + count) * cols), bytes);
      add(stage, count, i);
    }
    for (let j = 0; j < width; j++) total[j] = total[j]! + sums[j]!;
  }
  return total;
}
