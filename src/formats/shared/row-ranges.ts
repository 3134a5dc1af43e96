import { InputError } from '#errors.js';
import type { RowRange } from './define-format.js';

/**
 * The ranges to read of `rows` stored rows: all of them without `ranges`. Throws E208 where that leaves no row,
 * E224 for a range that is not `0 <= start <= end <= rows` in whole numbers.
 */
export function resolveRanges(ranges: readonly RowRange[] | undefined, rows: number): readonly RowRange[] {
  if (ranges === undefined) {
    if (rows === 0) throw new InputError('E208', 'there are no rows');
    return [[0, rows]];
  }
  for (const [start, end] of ranges) {
    const whole = Number.isSafeInteger(start) && Number.isSafeInteger(end);
    if (!whole || start < 0 || end < start || end > rows) {
      throw new InputError('E224', `rows ${start} to ${end} were asked for; there are ${rows}`, {
        fields: { start, end, rows },
      });
    }
  }
  if (countRows(ranges) === 0) throw new InputError('E208', 'no rows were asked for');
  return ranges;
}

export function countRows(ranges: readonly RowRange[]): number {
  return ranges.reduce((sum, [start, end]) => sum + end - start, 0);
}
