import { InputError } from '#errors.js';
import type { RowRange } from '../shared/define-format.js';
import { product } from '../shared/description.js';
import { nullAt } from '../shared/null-value.js';
import { NUMERIC, type NumericType } from '../shared/numeric.js';
import type { ArrowBuffers } from './buffers.js';
import type { ArrowColumn } from './columns.js';
import { damaged } from './damaged.js';
import type { ArrowBatch } from './message.js';
import { readUniformOffsets } from './offsets.js';
import { findNull } from './validity.js';

/** The numbers of some rows of one batch: a run of the leaf's values, checked to be there. */
export interface LeafRun {
  /** Which buffer of the batch holds the leaf's values. */
  readonly values: number;
  /** Bytes of it that the batch's values take. */
  readonly bytes: number;
  /** Index of the first value of the rows. */
  readonly first: number;
  /** How many values each list level has a list; as long as the column's levels. */
  readonly widths: readonly number[];
}

/** Where to go down, and what is known before. */
export interface Descent {
  readonly leaf: NumericType;
  readonly batch: ArrowBatch;
  /** Of the batch. */
  readonly rows: RowRange;
  /** Lengths of the lists of each level; null where nothing is known yet. */
  readonly widths: readonly number[] | null;
}

/**
 * Follows rows `[start, end)` of a batch down a column's lists to its numbers, refusing on the way what is no
 * plain block of numbers: E211 for nulls, E210 for lists whose lengths differ from each other or from `widths`,
 * E204 for buffers that are too short.
 */
export async function descend(
  buffers: ArrowBuffers,
  column: ArrowColumn,
  { leaf, batch, rows: [start, end], widths }: Descent,
): Promise<LeafRun> {
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
  const checkEntries = async (): Promise<void> => {
    const entry = batch.nodes[node];
    if (entry === undefined || batch.buffers[buffer] === undefined)
      throw damaged('a batch has too few buffers');
    if (to > entry.length)
      throw damaged(`column ${JSON.stringify(name)} has ${entry.length} of ${to} values`);
    const bits = buffers.length(batch, buffer) === 0 ? 0 : Math.ceil(entry.length / 8);
    const bitmap = await buffers.open(batch, buffer, bits, name);
    const missing = findNull(bitmap, entry.nullCount, from, to);
    if (missing >= 0) throw nullAt(name, where(missing));
  };

  for (const [depth, level] of column.levels.entries()) {
    await checkEntries();
    let width: number;
    let first: number;
    if (level.kind === 'list') {
      const size = level.offsets === 'int32' ? 4 : 8;
      // Some writers leave out the offsets of no lists at all.
      const lists = batch.nodes[node]?.length ?? 0;
      const offsets = await buffers.open(batch, buffer + 1, lists === 0 ? 0 : (lists + 1) * size, name);
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
      ({ first, width } = readUniformOffsets(list, [from, to], widths?.[depth] ?? null, ragged));
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

  await checkEntries();
  const entries = batch.nodes[node]?.length ?? 0;
  const bytes = leaf === 'bool' ? Math.ceil(entries / 8) : entries * NUMERIC[leaf].bytes;
  const stored = buffers.length(batch, buffer + 1);
  if (!(bytes <= stored)) {
    throw damaged(`column ${JSON.stringify(name)} has ${stored} bytes of values and needs ${bytes}`);
  }
  return { values: buffer + 1, bytes, first: from, widths: found };
}

function values(count: number): string {
  return count === 1 ? '1 value' : `${count} values`;
}
