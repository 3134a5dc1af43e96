import type { ByteSource } from '#io/byte-source.js';
import { chooseArray } from '../shared/choose-array.js';
import { columnGroups, describeGroup, readColumnGroup } from '../shared/column-groups.js';
import type { ArrayDescription, OpenedFile, OpenOptions } from '../shared/define-format.js';
import { compressionOf } from '../shared/description.js';
import { notAVector } from '../shared/stored-array.js';
import { ArrowBuffers } from './buffers.js';
import { describeColumn } from './columns.js';
import { preflightArrow } from './preflight.js';
import { arrowShape, bytesToRead, readArrowMatrix, readArrowVector } from './read.js';

/**
 * Opens an Arrow file or stream. Its headers are read and checked in full; values are then read straight from the file, only those of the column and rows asked for.
 */
export function openArrow(source: ByteSource, memory: OpenOptions): OpenedFile {
  const layout = preflightArrow(source, memory.maxMemory);
  const { columns, rows } = layout;
  const compression = compressionOf(layout.batches.map((batch) => batch.compression));
  const file = { layout, buffers: new ArrowBuffers(source, memory.maxMemory), memory };
  const together = (shape: ArrayDescription['shape']): Pick<ArrayDescription, 'together'> => {
    if (!('compression' in compression)) return {};
    const perRow = shape.slice(1, -1).reduce<number>((product, side) => product * (side ?? 1), 1);
    return {
      together: layout.batches.map(({ firstRow, rows: n }) => [firstRow * perRow, (firstRow + n) * perRow]),
    };
  };
  const arrays = [
    ...columns.map((column) => ({ ...describeColumn(column, rows), column })),
    ...columnGroups(
      columns.map((column) => ({
        name: column.field.name,
        leaf: column.leaf,
        list: column.levels.length > 0,
        column,
      })),
    ).map((group) => ({ ...describeGroup(group, rows), group })),
  ];
  return {
    format: 'arrow',
    arrays: arrays.map(({ key, dtype, shape, order, kind }) => ({
      ...{ key, dtype, shape, order, kind },
      ...compression,
      ...together(shape),
    })),
    metadata: layout.schema.metadata,
    warnings: layout.warnings,
    async readMatrix(key, ranges) {
      const array = chooseArray('column', arrays, key, 'matrix');
      return 'group' in array
        ? readColumnGroup(array.group, rows, ranges, memory, ({ column }, wanted) =>
            readArrowVector(file, column, wanted),
          )
        : readArrowMatrix(file, array.column, ranges);
    },
    async readVector(key, ranges) {
      const array = chooseArray('column', arrays, key, 'vector');
      if ('group' in array) throw notAVector(array.shape);
      return readArrowVector(file, array.column, ranges);
    },
    async shapeOf(key) {
      const array = chooseArray('column', arrays, key, 'matrix');
      return 'group' in array ? [rows, array.group.columns.length] : arrowShape(file, array.column);
    },
    async bytesToRead(key, ranges) {
      const array = chooseArray('column', arrays, key, 'matrix');
      return 'group' in array ? 0 : bytesToRead(file, array.column, ranges);
    },
    close: () => source.close(),
  };
}
