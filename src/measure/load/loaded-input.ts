import type { InputPart } from '#discovery/names/step-ref.js';
import type { LoadedMatrix, RowRange } from '#formats/shared/define-format.js';
import type { OwnedFloats } from '#formats/shared/pool.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import type { ReportInput } from '#report/types.js';

/** Where the rows of one role of one step lie: in one file, or in one for each shard. */
export interface InputRows {
  /** In the order of their rows. */
  readonly parts: readonly LoadedPart[];
}

/** The same as it was read, as one matrix. */
export interface LoadedInput extends InputRows {
  readonly matrix: Matrix;
  /** Its values, where this step alone uses them; null where other steps will. */
  readonly own: OwnedFloats | null;
}

export interface LoadedPart {
  readonly from: InputPart & { readonly shard?: number };
  readonly dtype: string;
  /** As stored. */
  readonly shape: readonly number[];
  /** Rows it gave to the matrix. */
  readonly rows: number;
  readonly notes: readonly string[];
}

export function loadedPart(
  from: LoadedPart['from'],
  { matrix, dtype, shape, notes }: LoadedMatrix,
): LoadedPart {
  return { from, dtype, shape, rows: matrix.rows, notes };
}

/**
 * Returns what a record says of an input: the file, or of several shards the first, the whole's shape, and each of them.
 * `cols` is null for one value a row.
 */
export function reportInput(parts: readonly LoadedPart[], cols: number | null): ReportInput {
  const [first] = parts;
  if (first === undefined) throw new Error('an input has at least one part');
  if (first.from.shard === undefined) return describe(first);
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  return {
    ...describe(first),
    dtype: [...new Set(parts.map(({ dtype }) => dtype))].join(', '),
    shape: parts.length === 1 ? [...first.shape] : cols === null ? [rows] : [rows, cols],
    parts: parts.map((part) => ({ ...describe(part), rank: part.from.shard ?? 0 })),
  };
}

function describe({ from, dtype, shape }: LoadedPart): Pick<ReportInput, 'path' | 'key' | 'dtype' | 'shape'> {
  return {
    path: from.path,
    ...(from.key === null ? {} : { key: from.key }),
    dtype,
    shape: [...shape],
  };
}

export interface RowOrigin {
  readonly path: string;
  /** In that file's array. */
  readonly row: number;
}

/** Finds where row `row` of a step's matrix stands in the files, before shards were joined and a mask dropped rows. */
export function rowOrigin(
  parts: readonly LoadedPart[],
  kept: Uint32Array | null,
  row: number,
): RowOrigin | null {
  let left = kept === null ? row : kept[row];
  if (left === undefined) return null;
  for (const { from, rows } of parts) {
    if (left < rows)
      return { path: from.path, row: from.rows === null ? left : rowInRanges(from.rows, left) };
    left -= rows;
  }
  return null;
}

function rowInRanges(ranges: readonly RowRange[], row: number): number {
  let left = row;
  for (const [start, end] of ranges) {
    if (left < end - start) return start + left;
    left -= end - start;
  }
  return row;
}
