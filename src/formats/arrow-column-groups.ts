import { allocateFloats } from './allocate.js';
import type { ArrowBuffers } from './arrow-buffers.js';
import type { ArrowColumn } from './arrow-columns.js';
import type { ArrowLayout } from './arrow-preflight.js';
import { readArrowVector } from './arrow-read.js';
import type { ArrayDescription, LoadedMatrix, RowRange } from './define-format.js';
import { NUMERIC, type NumericType } from './numeric.js';
import { countRows, resolveRanges } from './row-ranges.js';

/** Columns that are one dimension each, `pred_0` to `pred_11`, taken together as the matrix `pred_*`. */
export interface ColumnGroup {
  /** The columns' common name, with `*` for the number. */
  readonly key: string;
  readonly leaf: NumericType;
  /** In the order of their numbers. */
  readonly columns: readonly ArrowColumn[];
}

/**
 * Finds columns of floats, all of one type, whose names differ in a final number that runs from 0 or 1 without
 * a gap. Only where no column holds lists: beside those, numbered columns are something else.
 */
export function columnGroups(columns: readonly ArrowColumn[]): ColumnGroup[] {
  if (columns.some(({ leaf, levels }) => leaf !== null && levels.length > 0)) return [];
  const byKey = new Map<string, { number: number; column: ArrowColumn }[]>();
  for (const column of columns) {
    const parts = /^(.*?)(\d{1,6})$/s.exec(column.field.name);
    if (parts === null || !column.leaf?.startsWith('float')) continue;
    const key = `${parts[1]}*`;
    byKey.set(key, [...(byKey.get(key) ?? []), { number: Number(parts[2]), column }]);
  }
  return [...byKey].flatMap(([key, members]) => {
    members.sort((a, b) => a.number - b.number);
    const [first] = members;
    const leaf = first?.column.leaf;
    if (first === undefined || !leaf || members.length < 2 || first.number > 1) return [];
    const regular = members.every(
      ({ number, column }, i) => number === first.number + i && column.leaf === leaf,
    );
    const taken = columns.some(({ field }) => field.name === key);
    return regular && !taken ? [{ key, leaf, columns: members.map(({ column }) => column) }] : [];
  });
}

export function describeGroup({ key, leaf, columns }: ColumnGroup, rows: number): ArrayDescription {
  return { key, dtype: leaf, shape: [rows, columns.length], order: 'F', kind: 'matrix' };
}

export async function readColumnGroup(
  buffers: ArrowBuffers,
  layout: ArrowLayout,
  { leaf, columns }: ColumnGroup,
  ranges: readonly RowRange[] | undefined,
  maxMemory: number | undefined,
): Promise<LoadedMatrix> {
  const wanted = resolveRanges(ranges, layout.rows);
  const rows = countRows(wanted);
  const cols = columns.length;
  const data = allocateFloats(rows * cols, NUMERIC[leaf].wide, maxMemory);
  for (const [j, column] of columns.entries()) {
    const values = await readArrowVector(buffers, layout, column, wanted, maxMemory);
    for (let i = 0; i < rows; i++) data[i * cols + j] = values[i] as number;
  }
  const notes = [`${cols} columns taken as dimensions of one matrix`];
  return { matrix: { data, rows, cols }, dtype: leaf, shape: [layout.rows, cols], notes };
}
