import { InputError } from '../errors.js';
import type { ByteSource } from '../io/byte-source.js';
import { allocateFloats } from './allocate.js';
import { readBits } from './arrow-bits.js';
import { type ArrowColumn, checkNumbers } from './arrow-columns.js';
import { descend, type LeafRun } from './arrow-descend.js';
import type { ArrowLayout } from './arrow-preflight.js';
import type { LoadedMatrix, RowRange } from './define-format.js';
import { flattenNotes } from './flatten-note.js';
import { type Floats, NUMERIC } from './numeric.js';
import { product } from './product.js';
import { readNumeric } from './read-numeric.js';
import { countRows, resolveRanges } from './row-ranges.js';

/** Reads a list column as a matrix. Lists of lists and tensors flatten their leading axes into rows. */
export function readArrowMatrix(
  source: ByteSource,
  layout: ArrowLayout,
  column: ArrowColumn,
  ranges: readonly RowRange[] | undefined,
  maxMemory: number | undefined,
): LoadedMatrix {
  const leaf = checkNumbers(column);
  if (column.levels.length === 0) {
    throw new InputError('E209', `column ${JSON.stringify(column.field.name)} holds one ${leaf} a row`, {
      hint: 'save the embeddings as one list column, a list a row',
    });
  }
  const flat = column.levels.length === 1 && column.tensorShape === null;
  // Without lists of lists, row ranges are known before any width is, and only their own rows are looked at.
  const known = flat ? resolveRanges(ranges, layout.rows) : null;
  const widths = firstWidths(source, layout, column, known?.find(([start, end]) => end > start)?.[0] ?? 0);
  const axes = column.tensorShape ?? widths;
  const cols = axes.at(-1) ?? 1;
  if (product(axes) === 0) {
    throw new InputError('E208', `column ${JSON.stringify(column.field.name)} has lists of no values`);
  }
  const perRow = product(axes.slice(0, -1));
  const wanted = known ?? resolveRanges(ranges, layout.rows * perRow);
  const data = readRows(
    source,
    layout,
    column,
    { ranges: wanted, perRow, cols, widths },
    NUMERIC[leaf].wide,
    maxMemory,
  );
  const shape = [layout.rows, ...axes];
  return {
    matrix: { data, rows: countRows(wanted), cols },
    dtype: leaf,
    shape,
    notes: flattenNotes(shape, layout.rows * perRow),
  };
}

/** Reads a column of one number a row. */
export function readArrowVector(
  source: ByteSource,
  layout: ArrowLayout,
  column: ArrowColumn,
  ranges: readonly RowRange[] | undefined,
  maxMemory: number | undefined,
): Float64Array {
  checkNumbers(column);
  if (column.levels.length > 0) {
    throw new InputError(
      'E209',
      `column ${JSON.stringify(column.field.name)} holds lists; one number a row is needed`,
    );
  }
  const wanted = resolveRanges(ranges, layout.rows);
  const plan = { ranges: wanted, perRow: 1, cols: 1, widths: [] };
  return readRows(source, layout, column, plan, true, maxMemory) as Float64Array;
}

/** The lengths of the lists in one row, which all other rows must share. */
function firstWidths(
  source: ByteSource,
  layout: ArrowLayout,
  column: ArrowColumn,
  row: number,
): readonly number[] {
  if (layout.rows === 0) throw new InputError('E208', 'there are no rows');
  const batch = layout.batches.find(({ firstRow, rows }) => row >= firstRow && row < firstRow + rows);
  if (batch === undefined) throw new InputError('E208', 'there are no rows');
  const local = row - batch.firstRow;
  return descend(source, column, checkNumbers(column), batch, [local, local + 1], null).widths;
}

interface ReadPlan {
  /** Of flattened rows. */
  readonly ranges: readonly RowRange[];
  /** Flattened rows in a row of the table. */
  readonly perRow: number;
  readonly cols: number;
  readonly widths: readonly number[];
}

interface Piece {
  readonly run: LeafRun;
  /** Values to pass over: the flattened range may begin inside a row of the table. */
  readonly skip: number;
  readonly count: number;
  /** The flattened row the piece begins with. */
  readonly row: number;
}

/** Checks every row first, then allocates, then reads: what is allocated is known to be in the file. */
function readRows(
  source: ByteSource,
  layout: ArrowLayout,
  column: ArrowColumn,
  { ranges, perRow, cols, widths }: ReadPlan,
  wide: boolean,
  maxMemory: number | undefined,
): Floats {
  const leaf = checkNumbers(column);
  const pieces: Piece[] = [];
  for (const [start, end] of ranges) {
    for (const batch of layout.batches) {
      const base = batch.firstRow * perRow;
      const from = Math.max(start, base);
      const to = Math.min(end, base + batch.rows * perRow);
      if (from >= to) continue;
      const first = Math.floor((from - base) / perRow);
      const run = descend(source, column, leaf, batch, [first, Math.ceil((to - base) / perRow)], widths);
      pieces.push({ run, skip: (from - base - first * perRow) * cols, count: (to - from) * cols, row: from });
    }
  }
  const out = allocateFloats(countRows(ranges) * cols, wide, maxMemory);
  let at = 0;
  for (const { run, skip, count, row } of pieces) {
    const first = run.first + skip;
    if (leaf === 'bool') {
      readBits(source, run.values, first, count, out, at);
    } else {
      const where = (i: number): string =>
        `column ${JSON.stringify(column.field.name)}, row ${row + Math.floor(i / cols)}, value ${i % cols}`;
      const position = run.values + first * NUMERIC[leaf].bytes;
      readNumeric(source, { type: leaf, position, count }, out, at, where);
    }
    at += count;
  }
  source.verifyUnchanged();
  return out;
}
