import { allocateFloats, type ReadMemory } from './allocate.js';
import type { ArrayDescription, LoadedMatrix, RowRange } from './define-format.js';
import { NUMERIC, type NumericType } from './numeric.js';
import { countRows, resolveRanges } from './row-ranges.js';

/** What a table's column must say to be found in a group. */
export interface GroupableColumn {
  readonly name: string;
  /** The type of its numbers, or null where it holds something else. */
  readonly leaf: NumericType | null;
  readonly list: boolean;
}

/** Columns that are one dimension each, `pred_0` to `pred_11`, taken together as the matrix `pred_*`. */
export interface ColumnGroup<T extends GroupableColumn> {
  /** The columns' common name, with `*` for the number. */
  readonly key: string;
  readonly leaf: NumericType;
  /** In the order of their numbers. */
  readonly columns: readonly T[];
}

/**
 * Finds columns of floats, all of one type, whose names differ in a final number that runs from 0 or 1 without
 * a gap. Only where no column holds lists: beside those, numbered columns are something else.
 */
export function columnGroups<T extends GroupableColumn>(columns: readonly T[]): ColumnGroup<T>[] {
  if (columns.some(({ leaf, list }) => leaf !== null && list)) return [];
  const byKey = new Map<string, { number: number; column: T }[]>();
  for (const column of columns) {
    const parts = /^(.*?)(\d{1,6})$/s.exec(column.name);
    if (parts === null || !column.leaf?.startsWith('float')) continue;
    const key = `${parts[1]}*`;
    const members = byKey.get(key) ?? [];
    members.push({ number: Number(parts[2]), column });
    byKey.set(key, members);
  }
  return [...byKey].flatMap(([key, members]) => {
    members.sort((a, b) => a.number - b.number);
    const [first] = members;
    const leaf = first?.column.leaf;
    if (first === undefined || !leaf || members.length < 2 || first.number > 1) return [];
    const regular = members.every(
      ({ number, column }, i) => number === first.number + i && column.leaf === leaf,
    );
    const taken = columns.some(({ name }) => name === key);
    return regular && !taken ? [{ key, leaf, columns: members.map(({ column }) => column) }] : [];
  });
}

export function describeGroup<T extends GroupableColumn>(
  { key, leaf, columns }: ColumnGroup<T>,
  rows: number,
): ArrayDescription {
  return { key, dtype: leaf, shape: [rows, columns.length], order: 'F', kind: 'matrix' };
}

/** Reads the columns one after the other, by `read`, into the columns of one matrix. */
export async function readColumnGroup<T extends GroupableColumn>(
  { leaf, columns }: ColumnGroup<T>,
  stored: number,
  ranges: readonly RowRange[] | undefined,
  memory: ReadMemory,
  read: (column: T, ranges: readonly RowRange[]) => Promise<Float64Array>,
): Promise<LoadedMatrix> {
  const wanted = resolveRanges(ranges, stored);
  const rows = countRows(wanted);
  const cols = columns.length;
  const data = allocateFloats(rows * cols, NUMERIC[leaf].wide, memory);
  for (const [j, column] of columns.entries()) {
    const values = await read(column, wanted);
    for (let i = 0; i < rows; i++) data[i * cols + j] = values[i] as number;
  }
  const notes = [`${cols} columns taken as dimensions of one matrix`];
  return { matrix: { data, rows, cols }, dtype: leaf, shape: [stored, cols], notes };
}
