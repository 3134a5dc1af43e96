import { InputError } from '#errors.js';
import { allocateFloats, checkBudget } from '../shared/allocate.js';
import type { LoadedMatrix, RowRange } from '../shared/define-format.js';
import { flattenNotes, product } from '../shared/description.js';
import { NUMERIC, type NumericType } from '../shared/numeric.js';
import type { OwnedFloats } from '../shared/pool.js';
import { countRows, resolveRanges } from '../shared/row-ranges.js';
import { readChunk } from './chunk.js';
import { damaged } from './damaged.js';
import type { ParquetFile, ParquetFooter, RowGroup } from './footer.js';
import { takenByPages } from './pages.js';
import type { ParquetColumn } from './schema.js';

/** Reads a list column as a matrix, a list a row; of tensors all axes but the last flatten into rows. */
export async function readParquetMatrix(
  file: ParquetFile,
  column: ParquetColumn,
  ranges: readonly RowRange[] | undefined,
): Promise<LoadedMatrix> {
  const { rows } = file.footer;
  const leaf = checkNumbers(column);
  const name = JSON.stringify(column.name);
  if (column.maxRepetition === 0) {
    throw new InputError('E209', `column ${name} has one ${leaf} a row`, {
      hint: 'save the embeddings as one list column, a list a row',
    });
  }
  const tensor = file.footer.tensors.get(column.name);
  if (tensor !== undefined && tensor.refusal !== null) throw tensor.refusal;
  const perRow = rowsOf(file.footer, column);
  const wanted = resolveRanges(ranges, rows * perRow);
  const width = await listWidth(file, column, leaf);
  const axes = tensor?.tensorShape ?? [width];
  if (product(axes) !== width) {
    throw damaged(`column ${name} is a tensor [${axes.join(', ')}] in lists of ${width} values`);
  }
  const cols = width / perRow;
  const data = await readRows(file, column, { leaf, cols, perRow, ranges: wanted });
  const shape = [rows, ...axes];
  return {
    matrix: { data, rows: countRows(wanted), cols },
    dtype: leaf,
    shape,
    notes: flattenNotes(shape, rows * perRow),
  };
}

/** Counts what `readParquetMatrix` takes at once, at most: values and pages. Reads headers alone; 0 for what is no matrix. */
export async function bytesToRead(
  file: ParquetFile,
  column: ParquetColumn,
  ranges: readonly RowRange[] | undefined,
): Promise<number> {
  const { leaf, leafIndex } = column;
  const { groups, rows } = file.footer;
  const width = groups.reduce((sum, { chunks }) => sum + (chunks[leafIndex]?.values ?? 0), 0) / rows;
  if (leaf === null || !Number.isSafeInteger(width)) return 0;
  const perRow = rowsOf(file.footer, column);
  const wanted = resolveRanges(ranges, rows * perRow);
  let most = 0;
  for (const [group, pieces] of piecesByGroup(groups, perRow, wanted)) {
    const chunk = group.chunks[leafIndex];
    const pages = chunk === undefined ? 0 : takenByPages(file, chunk, leaf);
    most = Math.max(
      most,
      pages + (isWhole(pieces, group.rows * perRow) ? 0 : group.rows * width * sizeOf(leaf)),
    );
  }
  return most + ((countRows(wanted) * width) / perRow) * sizeOf(leaf);
}

function sizeOf(leaf: NumericType): number {
  return NUMERIC[leaf].wide ? 8 : 4;
}

function isWhole(pieces: readonly Piece[], rows: number): boolean {
  return pieces.length === 1 && pieces[0]!.from === 0 && pieces[0]!.to === rows;
}

/** How many rows of a matrix a row of the table has. */
export function rowsOf({ tensors }: ParquetFooter, { name }: ParquetColumn): number {
  return product(tensors.get(name)?.tensorShape?.slice(0, -1) ?? []);
}

/** Reads a column of one number a row. */
export async function readParquetVector(
  file: ParquetFile,
  column: ParquetColumn,
  ranges: readonly RowRange[] | undefined,
): Promise<Float64Array> {
  const leaf = checkNumbers(column);
  if (column.maxRepetition > 0) {
    throw new InputError(
      'E209',
      `column ${JSON.stringify(column.name)} has lists; one number a row is needed`,
    );
  }
  const plan = { leaf, cols: 1, perRow: 1, ranges: resolveRanges(ranges, file.footer.rows) };
  return Float64Array.from(await readRows(file, column, plan));
}

/** Throws E206 where the column holds no numbers, or numbers in lists of lists. */
function checkNumbers({ name, leaf, typeName, maxRepetition }: ParquetColumn): NumericType {
  if (leaf !== null && maxRepetition < 2) return leaf;
  const what = maxRepetition < 2 ? typeName : `${'list of '.repeat(maxRepetition)}${typeName}`;
  throw new InputError('E206', `column ${JSON.stringify(name)} is of the Parquet type ${what}`, {
    hint: 'save a list of floats a row: `pyarrow.FixedSizeListArray.from_arrays(x.astype("float32").ravel(), x.shape[1])`',
  });
}

/** Values by rows, if that is a whole number. */
async function listWidth(file: ParquetFile, column: ParquetColumn, leaf: NumericType): Promise<number> {
  const { footer } = file;
  const values = footer.groups.reduce((sum, { chunks }) => sum + (chunks[column.leafIndex]?.values ?? 0), 0);
  const width = values / footer.rows;
  if (Number.isSafeInteger(width) && width > 0) return width;
  throw await ragged(file, column, leaf);
}

/** Where the numbers of values say that rows differ, the levels say which. */
async function ragged(file: ParquetFile, column: ParquetColumn, leaf: NumericType): Promise<InputError> {
  const { groups, rows } = file.footer;
  let known: number | null = null;
  let values = 0;
  for (const group of groups) {
    const inGroup = group.chunks[column.leafIndex]?.values ?? 0;
    await readChunk(file, { column, leaf, group, width: known, out: null, held: 0 });
    if (group.rows > 0) known = inGroup / group.rows;
    values += inGroup;
  }
  const message = `column ${JSON.stringify(column.name)} has ${values} values in ${rows} rows`;
  return new InputError('E210', message, { fields: { values, rows } });
}

interface ReadPlan {
  readonly leaf: NumericType;
  readonly cols: number;
  /** Rows of the result in a row of the table. */
  readonly perRow: number;
  /** Of the result's rows. */
  readonly ranges: readonly RowRange[];
}

/** Rows `[from, to)` of the result that a row group has, which become those from `at` on. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

/** Whole row groups are decoded into place; of the others the rows asked for are copied. */
async function readRows(
  file: ParquetFile,
  column: ParquetColumn,
  { leaf, cols, perRow, ranges }: ReadPlan,
): Promise<OwnedFloats> {
  const { source, footer, maxMemory } = file;
  const { wide } = NUMERIC[leaf];
  const total = countRows(ranges) * cols;
  const size = sizeOf(leaf);
  const out = allocateFloats(total, wide, file);
  for (const [group, pieces] of piecesByGroup(footer.groups, perRow, ranges)) {
    const rows = group.rows * perRow;
    if (group.chunks[column.leafIndex]?.values !== rows * cols) {
      throw await ragged(file, column, leaf);
    }
    // The file's first row sets the width that a message compares with.
    const plan = { column, leaf, group, width: group.firstRow === 0 ? null : cols * perRow };
    if (isWhole(pieces, rows)) {
      await readChunk(file, { ...plan, out: { data: out, at: pieces[0]!.at * cols }, held: total * size });
      continue;
    }
    const held = (total + rows * cols) * size;
    checkBudget(held, maxMemory);
    const scratch = allocateFloats(rows * cols, wide);
    await readChunk(file, { ...plan, out: { data: scratch, at: 0 }, held });
    for (const { from, to, at } of pieces) out.set(scratch.subarray(from * cols, to * cols), at * cols);
  }
  source.verifyUnchanged();
  return out;
}

/** Cuts row ranges where row groups end; in the order of the groups. */
function piecesByGroup(
  groups: readonly RowGroup[],
  perRow: number,
  ranges: readonly RowRange[],
): Map<RowGroup, Piece[]> {
  let before = 0;
  const placed = ranges.map(([start, end]) => {
    before += end - start;
    return { start, end, at: before - (end - start) };
  });
  const pieces = new Map<RowGroup, Piece[]>();
  for (const group of groups) {
    const firstRow = group.firstRow * perRow;
    const rows = group.rows * perRow;
    const mine = placed.flatMap(({ start, end, at }) => {
      const from = Math.max(start, firstRow);
      const to = Math.min(end, firstRow + rows);
      return from < to ? [{ from: from - firstRow, to: to - firstRow, at: at + from - start }] : [];
    });
    if (mine.length > 0) pieces.set(group, mine);
  }
  return pieces;
}
