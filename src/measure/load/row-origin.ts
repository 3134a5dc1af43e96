import type { RowRange } from '#formats/shared/define-format.js';
import type { LoadedPart } from './loaded-input.js';

export interface RowOrigin {
  readonly path: string;
  /** In that file's array. */
  readonly row: number;
}

/** Where row `row` of a step's matrix stands in the files, before ranks were joined and a mask dropped rows. */
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
