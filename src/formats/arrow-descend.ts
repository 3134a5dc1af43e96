import { InputError } from '../errors.js';
import type { ByteSource } from '../io/byte-source.js';
import type { ArrowColumn } from './arrow-columns.js';
import type { ArrowBatch } from './arrow-message.js';
import { readUniformOffsets } from './arrow-offsets.js';
import { damaged } from './arrow-schema.js';
import { findNull, nullAt } from './arrow-validity.js';
import type { RowRange } from './define-format.js';
import { NUMERIC, type NumericType } from './numeric.js';
import { product } from './product.js';

/** The numbers of some rows of one batch: a run of the leaf's values, checked to be there. */
export interface LeafRun {
  /** Byte position of the leaf's values. */
  readonly values: number;
  /** Index of the first value of the rows. */
  readonly first: number;
  /** How many values each list level has a list; as long as the column's levels. */
  readonly widths: readonly number[];
}

/**
 * Follows rows `[start, end)` of a batch down a column's lists to its numbers, refusing on the way what is no
 * plain block of numbers: E211 for nulls, E210 for lists whose lengths differ from each other or from `widths`
 * (null where nothing is known yet), E204 for buffers that are too short, E205 for compressed batches.
 */
export function descend(
  source: ByteSource,
  column: ArrowColumn,
  leaf: NumericType,
  batch: ArrowBatch,
  [start, end]: RowRange,
  widths: readonly number[] | null,
): LeafRun {
  if (batch.compression !== null) throw compressed(batch.compression);
  const { name } = column.field;
  const found: number[] = [];
  let node = column.place.nodes;
  let buffer =
    column.place.buffers + batch.variadicCounts.slice(0, column.place.views).reduce((sum, n) => sum + n, 0);
  let [from, to] = [start, end];

  /** Names the row, and the position in it, of entry `index` at the depth reached so far. */
  const where = (index: number): string => {
    const perRow = product(found);
    const row = batch.firstRow + start + Math.floor((index - from) / Math.max(1, perRow));
    const position = (index - from) % Math.max(1, perRow);
    return found.length === 0 ? `row ${row}` : `row ${row}, column ${position}`;
  };
  const checkEntries = (): void => {
    const entry = batch.nodes[node];
    const bitmap = batch.buffers[buffer];
    if (entry === undefined || bitmap === undefined) throw damaged('a batch has too few buffers');
    if (to > entry.length)
      throw damaged(`column ${JSON.stringify(name)} has ${entry.length} of ${to} values`);
    const missing = findNull(source, bitmap, entry.nullCount, from, to);
    if (missing >= 0) throw nullAt(name, where(missing));
  };

  for (const [depth, level] of column.levels.entries()) {
    checkEntries();
    let width: number;
    let first: number;
    if (level.kind === 'list') {
      const offsets = batch.buffers[buffer + 1] ?? { start: 0, length: 0 };
      const childLength = batch.nodes[node + 1]?.length ?? 0;
      const list = { ...offsets, type: level.offsets, childLength };
      const ragged = (at: number, actual: number, expected: number): InputError =>
        new InputError(
          'E210',
          `column ${JSON.stringify(name)}: ${where(at)} has ${values(actual)}, the first row ${expected}`,
          {
            fields: { expected, actual },
          },
        );
      ({ first, width } = readUniformOffsets(source, list, [from, to], widths?.[depth] ?? null, ragged));
      buffer += 2;
    } else {
      width = level.size;
      first = from * width;
      buffer += 1;
    }
    to = first + (to - from) * width;
    from = first;
    found.push(width);
    node += 1;
  }

  checkEntries();
  const stored = batch.buffers[buffer + 1] ?? { start: 0, length: 0 };
  const needed = leaf === 'bool' ? Math.ceil(to / 8) : to * NUMERIC[leaf].bytes;
  if (!(needed <= stored.length)) {
    throw damaged(`column ${JSON.stringify(name)} has ${stored.length} bytes of values and needs ${needed}`);
  }
  return { values: stored.start, first: from, widths: found };
}

function values(count: number): string {
  return count === 1 ? '1 value' : `${count} values`;
}

/** Decompression of bodies takes the place of this refusal. */
function compressed(codec: 'LZ4' | 'zstd'): InputError {
  return new InputError('E205', `the record batches are compressed with ${codec}, which cannot be read yet`, {
    hint: 'write it uncompressed: `pyarrow.feather.write_feather(table, path, compression="uncompressed")`',
  });
}
