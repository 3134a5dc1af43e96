import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { allocateFloats, checkBudget } from '../shared/allocate.js';
import type { LoadedMatrix, RowRange } from '../shared/define-format.js';
import { type Floats, NUMERIC, type NumericType } from '../shared/numeric.js';
import { countRows, resolveRanges } from '../shared/row-ranges.js';
import { readChunk } from './chunk.js';
import type { ParquetFooter } from './footer.js';
import type { ParquetColumn } from './schema.js';

/** Reads a list column, a list a row, as a matrix. */
export async function readParquetMatrix(
  source: ByteSource,
  footer: ParquetFooter,
  column: ParquetColumn,
  ranges: readonly RowRange[] | undefined,
  maxMemory: number | undefined,
): Promise<LoadedMatrix> {
  const leaf = checkNumbers(column);
  const name = JSON.stringify(column.name);
  if (column.maxRepetition === 0) {
    throw new InputError('E209', `column ${name} holds one ${leaf} a row`, {
      hint: 'save the embeddings as one list column, a list a row',
    });
  }
  const wanted = resolveRanges(ranges, footer.rows);
  const cols = await listWidth(source, footer, column, leaf, maxMemory);
  const data = await readRows(source, footer, column, { leaf, cols, ranges: wanted }, maxMemory);
  return {
    matrix: { data, rows: countRows(wanted), cols },
    dtype: leaf,
    shape: [footer.rows, cols],
    notes: [],
  };
}

/** Reads a column of one number a row. */
export async function readParquetVector(
  source: ByteSource,
  footer: ParquetFooter,
  column: ParquetColumn,
  ranges: readonly RowRange[] | undefined,
  maxMemory: number | undefined,
): Promise<Float64Array> {
  const leaf = checkNumbers(column);
  if (column.maxRepetition > 0) {
    throw new InputError(
      'E209',
      `column ${JSON.stringify(column.name)} holds lists; one number a row is needed`,
    );
  }
  const plan = { leaf, cols: 1, ranges: resolveRanges(ranges, footer.rows) };
  return Float64Array.from(await readRows(source, footer, column, plan, maxMemory));
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
async function listWidth(
  source: ByteSource,
  footer: ParquetFooter,
  column: ParquetColumn,
  leaf: NumericType,
  maxMemory: number | undefined,
): Promise<number> {
  const values = footer.groups.reduce((sum, { chunks }) => sum + (chunks[column.leafIndex]?.values ?? 0), 0);
  const width = values / footer.rows;
  if (Number.isSafeInteger(width) && width > 0) return width;
  throw await ragged(source, footer, column, leaf, maxMemory);
}

/** Where the numbers of values say that rows differ, the levels say which. */
async function ragged(
  source: ByteSource,
  { groups, rows }: ParquetFooter,
  column: ParquetColumn,
  leaf: NumericType,
  maxMemory: number | undefined,
): Promise<InputError> {
  let known: number | null = null;
  let values = 0;
  for (const group of groups) {
    const inGroup = group.chunks[column.leafIndex]?.values ?? 0;
    await readChunk(source, column, leaf, group, known, null, { maxMemory, held: 0 });
    if (group.rows > 0) known = inGroup / group.rows;
    values += inGroup;
  }
  const message = `column ${JSON.stringify(column.name)} has ${values} values in ${rows} rows`;
  return new InputError('E210', message, { fields: { values, rows } });
}

interface ReadPlan {
  readonly leaf: NumericType;
  readonly cols: number;
  readonly ranges: readonly RowRange[];
}

/** Whole row groups are decoded into place; of the others the rows asked for are copied. */
async function readRows(
  source: ByteSource,
  footer: ParquetFooter,
  column: ParquetColumn,
  { leaf, cols, ranges }: ReadPlan,
  maxMemory: number | undefined,
): Promise<Floats> {
  const { groups } = footer;
  const { wide } = NUMERIC[leaf];
  const total = countRows(ranges) * cols;
  const size = wide ? 8 : 4;
  const out = allocateFloats(total, wide, maxMemory);
  const pieces = ranges.flatMap(([start, end], i) => {
    const before = countRows(ranges.slice(0, i));
    return groups.flatMap((group) => {
      const from = Math.max(start, group.firstRow);
      const to = Math.min(end, group.firstRow + group.rows);
      return from < to
        ? [{ group, from: from - group.firstRow, to: to - group.firstRow, at: before + from - start }]
        : [];
    });
  });
  for (const group of groups) {
    const mine = pieces.filter((piece) => piece.group === group);
    const whole = mine.find(({ from, to }) => from === 0 && to === group.rows);
    if (mine.length === 0) continue;
    if (group.chunks[column.leafIndex]?.values !== group.rows * cols) {
      throw await ragged(source, footer, column, leaf, maxMemory);
    }
    // The file's first row sets the width that a message compares with.
    const width = group.firstRow === 0 ? null : cols;
    if (whole !== undefined && mine.length === 1) {
      const target = { data: out, at: whole.at * cols };
      await readChunk(source, column, leaf, group, width, target, { maxMemory, held: total * size });
      continue;
    }
    const held = (total + group.rows * cols) * size;
    checkBudget(held, maxMemory);
    const scratch = allocateFloats(group.rows * cols, wide);
    await readChunk(source, column, leaf, group, width, { data: scratch, at: 0 }, { maxMemory, held });
    for (const { from, to, at } of mine) out.set(scratch.subarray(from * cols, to * cols), at * cols);
  }
  source.verifyUnchanged();
  return out;
}
