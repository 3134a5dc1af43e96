import { InputError } from '../errors.js';
import type { ByteSource } from '../io/byte-source.js';
import { ArrowBuffers } from './arrow-buffers.js';
import { columnGroups, describeGroup, readColumnGroup } from './arrow-column-groups.js';
import { describeColumn } from './arrow-columns.js';
import { preflightArrow } from './arrow-preflight.js';
import { readArrowMatrix, readArrowVector } from './arrow-read.js';
import type { ArrayDescription, OpenedFile, OpenOptions } from './define-format.js';

/**
 * Opens an Arrow file or stream. Its headers are read with apache-arrow's flatbuffers readers and checked in
 * full; values are then read straight from the file, only those of the column and rows asked for.
 */
export function openArrow(source: ByteSource, { maxMemory }: OpenOptions): OpenedFile {
  const layout = preflightArrow(source);
  const { columns, rows } = layout;
  const buffers = new ArrowBuffers(source, maxMemory);
  const groups = columnGroups(columns);
  const arrays = [
    ...columns.map((column) => describeColumn(column, rows)),
    ...groups.map((group) => describeGroup(group, rows)),
  ];
  return {
    format: 'arrow',
    arrays,
    metadata: layout.schema.metadata,
    warnings: layout.warnings,
    async readMatrix(key, ranges) {
      const chosen = chooseKey(arrays, key, 'matrix');
      const column = columns.find(({ field }) => field.name === chosen);
      if (column !== undefined) return readArrowMatrix(buffers, layout, column, ranges, maxMemory);
      const group = groups.find((one) => one.key === chosen);
      if (group !== undefined) return readColumnGroup(buffers, layout, group, ranges, maxMemory);
      throw noSuchColumn(arrays, chosen);
    },
    async readVector(key, ranges) {
      const chosen = chooseKey(arrays, key, 'vector');
      const column = columns.find(({ field }) => field.name === chosen);
      if (column === undefined) throw noSuchColumn(arrays, chosen);
      return readArrowVector(buffers, layout, column, ranges, maxMemory);
    },
    close: () => source.close(),
  };
}

/** Without a key, the only array that is of the right kind. */
function chooseKey(
  arrays: readonly ArrayDescription[],
  key: string | null,
  kind: 'matrix' | 'vector',
): string {
  if (key !== null) return key;
  const [only, ...others] = arrays.filter((array) => array.kind === kind);
  if (only === undefined) throw new InputError('E209', `no column is a ${kind}; there are ${names(arrays)}`);
  if (others.length > 0) {
    throw new InputError('E212', `several columns could be meant: ${names([only, ...others])}`);
  }
  return only.key ?? '';
}

function noSuchColumn(arrays: readonly ArrayDescription[], key: string): InputError {
  return new InputError('E213', `there is no column ${JSON.stringify(key)}; there are ${names(arrays)}`);
}

/** At most a dozen: a table may have thousands of columns. */
function names(arrays: readonly ArrayDescription[]): string {
  const shown = arrays.slice(0, 12).map(({ key }) => JSON.stringify(key));
  const more = arrays.length - shown.length;
  return `${shown.join(', ') || 'none'}${more > 0 ? ` and ${more} more` : ''}`;
}
