import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { allocateFloats, checkBudget, type ReadMemory } from '../shared/allocate.js';
import type { LoadedMatrix, RowRange } from '../shared/define-format.js';
import { flattenNotes, product } from '../shared/description.js';
import { type Floats, NUMERIC, type NumericType } from '../shared/numeric.js';
import type { OwnedFloats } from '../shared/pool.js';
import { readNumeric } from '../shared/read-numeric.js';
import { countRows, resolveRanges } from '../shared/row-ranges.js';
import type { ArrowBuffers } from './buffers.js';
import { type ArrowColumn, checkNumbers } from './columns.js';
import { descend, type LeafRun } from './descend.js';
import type { ArrowBatch } from './message.js';
import type { ArrowLayout } from './preflight.js';

/** Bytes of a buffer of booleans read at a time. */
const BITS_WINDOW = 2 ** 16;

/** An open file: what its headers say, its buffers, and how much reading it may allocate. */
export interface ArrowFile {
  readonly layout: ArrowLayout;
  readonly buffers: ArrowBuffers;
  readonly memory: ReadMemory;
}

/** Reads a list column as a matrix. Lists of lists and tensors flatten their leading axes into rows. */
export async function readArrowMatrix(
  file: ArrowFile,
  column: ArrowColumn,
  ranges: readonly RowRange[] | undefined,
): Promise<LoadedMatrix> {
  const { plan, shape, total } = await planMatrix(file, column, ranges);
  const { cols, leaf } = plan;
  const data = await readRows(file, column, plan);
  return {
    matrix: { data, rows: countRows(plan.ranges), cols },
    dtype: leaf,
    shape,
    notes: flattenNotes(shape, total),
  };
}

/** Finds the stored shape of a list column by its first row. */
export async function arrowShape(file: ArrowFile, column: ArrowColumn): Promise<readonly number[]> {
  return (await planMatrix(file, column, undefined)).shape;
}

/** Counts what `readArrowMatrix` takes at once, at most: values and buffers. */
export async function bytesToRead(
  file: ArrowFile,
  column: ArrowColumn,
  ranges: readonly RowRange[] | undefined,
): Promise<number> {
  const { plan } = await planMatrix(file, column, ranges);
  const { scratch } = await findPieces(file, column, plan);
  return bytesOf(plan) + scratch;
}

async function planMatrix(
  file: ArrowFile,
  column: ArrowColumn,
  ranges: readonly RowRange[] | undefined,
): Promise<{ readonly plan: ReadPlan; readonly shape: readonly number[]; readonly total: number }> {
  const { rows } = file.layout;
  const leaf = checkNumbers(column);
  if (column.levels.length === 0) {
    throw new InputError('E209', `column ${JSON.stringify(column.field.name)} has one ${leaf} a row`, {
      hint: 'save the embeddings as one list column, a list a row',
    });
  }
  const flat = column.levels.length === 1 && column.tensorShape === null;
  // Without lists of lists, row ranges are known before any width is, and only their own rows are looked at.
  const known = flat ? resolveRanges(ranges, rows) : null;
  const firstRow = known?.find(([start, end]) => end > start)?.[0] ?? 0;
  const widths = await firstWidths(file, column, firstRow);
  const axes = column.tensorShape ?? widths;
  const cols = axes.at(-1) ?? 1;
  if (product(axes) === 0) {
    throw new InputError('E208', `column ${JSON.stringify(column.field.name)} has lists of no values`);
  }
  const perRow = product(axes.slice(0, -1));
  const total = rows * perRow;
  const wanted = known ?? resolveRanges(ranges, total);
  const plan = { leaf, ranges: wanted, perRow, cols, widths, wide: NUMERIC[leaf].wide };
  return { plan, shape: [rows, ...axes], total };
}

/** Reads a column of one number a row. */
export async function readArrowVector(
  file: ArrowFile,
  column: ArrowColumn,
  ranges: readonly RowRange[] | undefined,
): Promise<Float64Array> {
  const leaf = checkNumbers(column);
  if (column.levels.length > 0) {
    throw new InputError(
      'E209',
      `column ${JSON.stringify(column.field.name)} has lists; one number a row is needed`,
    );
  }
  const wanted = resolveRanges(ranges, file.layout.rows);
  const plan = { leaf, ranges: wanted, perRow: 1, cols: 1, widths: [], wide: true };
  return (await readRows(file, column, plan)) as Float64Array;
}

/** The lengths of the lists in one row, which all other rows must share. */
async function firstWidths(
  { buffers, layout }: ArrowFile,
  column: ArrowColumn,
  row: number,
): Promise<readonly number[]> {
  if (layout.rows === 0) throw new InputError('E208', 'there are no rows');
  const batch = layout.batches.find(({ firstRow, rows }) => row >= firstRow && row < firstRow + rows);
  if (batch === undefined) throw new InputError('E208', 'there are no rows');
  const local = row - batch.firstRow;
  const run = await descend(buffers, column, {
    leaf: checkNumbers(column),
    batch,
    rows: [local, local + 1],
    widths: null,
  });
  return run.widths;
}

interface ReadPlan {
  readonly leaf: NumericType;
  /** Of flattened rows. */
  readonly ranges: readonly RowRange[];
  /** Flattened rows in a row of the table. */
  readonly perRow: number;
  readonly cols: number;
  readonly widths: readonly number[];
  /** The result is float64. */
  readonly wide: boolean;
}

interface Piece {
  readonly batch: ArrowBatch;
  readonly run: LeafRun;
  /** Values to pass over: the flattened range may begin inside a row of the table. */
  readonly skip: number;
  readonly count: number;
  /** The flattened row the piece begins with. */
  readonly row: number;
  /** The piece is the whole of a compressed buffer, in the type of the result: it is decompressed in place. */
  readonly inPlace: boolean;
}

function bytesOf({ ranges, cols, wide }: ReadPlan): number {
  return countRows(ranges) * cols * (wide ? 8 : 4);
}

/** Checks every row, and counts what reading takes beside the values. */
async function findPieces(
  { buffers, layout }: ArrowFile,
  column: ArrowColumn,
  { leaf, ranges, perRow, cols, widths, wide }: ReadPlan,
): Promise<{ readonly pieces: readonly Piece[]; readonly scratch: number }> {
  const sameType = leaf === (wide ? 'float64' : 'float32');
  const pieces: Piece[] = [];
  let scratch = 0;
  for (const [start, end] of ranges) {
    for (const batch of layout.batches) {
      const base = batch.firstRow * perRow;
      const from = Math.max(start, base);
      const to = Math.min(end, base + batch.rows * perRow);
      if (from >= to) continue;
      const first = Math.floor((from - base) / perRow);
      const rows = [first, Math.ceil((to - base) / perRow)] as const;
      const run = await descend(buffers, column, { leaf, batch, rows, widths });
      const skip = (from - base - first * perRow) * cols;
      const count = (to - from) * cols;
      const stored = buffers.length(batch, run.values);
      const whole = run.first + skip === 0 && count * NUMERIC[leaf].bytes === stored;
      const inPlace = batch.compression !== null && sameType && whole;
      scratch = Math.max(scratch, await buffers.scratch(batch, run.values, inPlace));
      pieces.push({ batch, run, skip, count, row: from, inPlace });
    }
  }
  return { pieces, scratch };
}

/** Checks every row first, then allocates, then reads: what is allocated is known to be in the file. */
async function readRows(file: ArrowFile, column: ArrowColumn, plan: ReadPlan): Promise<OwnedFloats> {
  const { buffers, memory } = file;
  const { leaf, ranges, cols, wide } = plan;
  const total = countRows(ranges) * cols;
  // Before anything is decompressed on the way to the values.
  checkBudget(bytesOf(plan), memory.maxMemory);
  const { pieces, scratch } = await findPieces(file, column, plan);
  const out = allocateFloats(total, wide, memory, scratch);
  let at = 0;
  for (const { batch, run, skip, count, row, inPlace } of pieces) {
    if (inPlace) {
      const size = out.BYTES_PER_ELEMENT;
      await buffers.readInto(batch, run.values, new Uint8Array(out.buffer, at * size, count * size));
    } else {
      const { source, start } = await buffers.open(batch, run.values, run.bytes, column.field.name);
      const first = run.first + skip;
      if (leaf === 'bool') {
        readBits(source, { start, first, count }, out, at);
      } else {
        const where = (i: number): string =>
          `column ${JSON.stringify(column.field.name)}, row ${row + Math.floor(i / cols)}, value ${i % cols}`;
        const position = start + first * NUMERIC[leaf].bytes;
        readNumeric(source, { type: leaf, position, count }, out, at, where);
      }
    }
    at += count;
  }
  buffers.verifyUnchanged();
  return out;
}

interface BitRun {
  /** Byte position of the buffer. */
  readonly start: number;
  /** Number of the first bit in it. */
  readonly first: number;
  readonly count: number;
}

/** Reads booleans, one bit each, lowest bit first, as 0 and 1. */
function readBits(source: ByteSource, { start, first, count }: BitRun, out: Floats, at: number): void {
  const end = first + count;
  for (let from = Math.floor(first / 8); from * 8 < end; from += BITS_WINDOW) {
    const to = Math.min(Math.ceil(end / 8), from + BITS_WINDOW);
    const bytes = source.slice(start + from, start + to);
    for (let bit = Math.max(first, from * 8); bit < Math.min(end, to * 8); bit++) {
      out[at + bit - first] = ((bytes[Math.floor(bit / 8) - from] as number) >> (bit % 8)) & 1;
    }
  }
}
