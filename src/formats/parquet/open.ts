import type { ByteSource } from '#io/byte-source.js';
import { MemoryPressure } from '#io/memory-pressure.js';
import { chooseArray } from '../shared/choose-array.js';
import { columnGroups, describeGroup, readColumnGroup } from '../shared/column-groups.js';
import type { ArrayDescription, OpenedFile, OpenOptions, RowRange } from '../shared/define-format.js';
import { compressionOf } from '../shared/description.js';
import { notAVector } from '../shared/stored-array.js';
import { CODECS } from './codecs.js';
import { type ParquetFooter, readParquetFooter } from './footer.js';
import { bytesToRead, readParquetMatrix, readParquetVector, rowsOf } from './read.js';
import type { ParquetColumn } from './schema.js';

/**
 * Opens a Parquet file. The footer alone is read and checked; of the pages, those of the column and row groups asked
 * for. Numbers go from the pages into the matrix without a value of JavaScript's between.
 */
export function openParquet(source: ByteSource, { maxMemory, pool }: OpenOptions): OpenedFile {
  const footer = readParquetFooter(source, maxMemory);
  const pressure = new MemoryPressure(maxMemory);
  const file = { source, footer, maxMemory, pool, pressure };
  const { rows } = footer;
  const columns = footer.columns.map((column) => ({ ...column, list: column.maxRepetition > 0 }));
  const single = columns.map((column) => ({ ...describe(column, footer), column }));
  const grouped = columnGroups(columns).map((group) => ({
    ...describeGroup(group, rows),
    ...compression(group.columns, footer),
    group,
  }));
  const arrays = [...single, ...grouped];
  const together = (perRow: number): readonly RowRange[] =>
    footer.groups.map(({ firstRow, rows: own }) => [firstRow * perRow, (firstRow + own) * perRow]);
  return {
    format: 'parquet',
    arrays: [
      ...single.map(({ column, ...array }) => ({ ...array, together: together(rowsOf(footer, column)) })),
      ...grouped.map(({ group: _, ...array }) => ({ ...array, together: together(1) })),
    ],
    metadata: footer.metadata,
    warnings: [],
    async readMatrix(key, ranges) {
      const array = chooseArray('column', arrays, key, 'matrix');
      if ('column' in array) return readParquetMatrix(file, array.column, ranges);
      return readColumnGroup(array.group, rows, ranges, file, (column, wanted) =>
        readParquetVector(file, column, wanted),
      );
    },
    async readVector(key, ranges) {
      const array = chooseArray('column', arrays, key, 'vector');
      if ('group' in array) throw notAVector(array.shape);
      return readParquetVector(file, array.column, ranges);
    },
    async bytesToRead(key, ranges) {
      const array = chooseArray('column', arrays, key, 'matrix');
      return 'column' in array ? bytesToRead(file, array.column, ranges) : 0;
    },
    close: () => source.close(),
  };
}

function describe(column: ParquetColumn, footer: ParquetFooter): ArrayDescription {
  const { name, leaf, typeName, maxRepetition, leafIndex } = column;
  const { groups, rows } = footer;
  const values = groups.reduce((sum, { chunks }) => sum + (chunks[leafIndex]?.values ?? 0), 0);
  const width = Number.isSafeInteger(values / rows) ? values / rows : null;
  const lists = leaf !== null && maxRepetition === 1;
  return {
    key: name,
    dtype: leaf ?? typeName,
    shape: lists ? [rows, ...(footer.tensors.get(name)?.tensorShape ?? [width])] : [rows],
    order: 'C',
    kind: lists ? 'matrix' : leaf !== null && maxRepetition === 0 ? 'vector' : 'other',
    ...compression([column], footer),
  };
}

function compression(
  columns: readonly ParquetColumn[],
  { groups }: ParquetFooter,
): Pick<ArrayDescription, 'compression'> {
  const numbers = new Set(
    columns.flatMap(({ leafIndex }) => groups.map(({ chunks }) => chunks[leafIndex]?.codec ?? 0)),
  );
  return compressionOf(
    [...numbers].map((codec) => (codec === 0 ? null : (CODECS[codec] ?? `codec ${codec}`))),
  );
}
