import { stepColumn } from '#discovery/candidates/step-column.js';
import type { OpenedFile, RowRange } from '#formats/shared/define-format.js';

/**
 * Converts `ranges` of entries to ranges of flattened rows: a step column may have one number for each entry along an
 * array's first axis, and where an entry is itself a matrix, such as a list of lists, its rows are many.
 */
export async function rowsOfEntries(
  file: OpenedFile,
  key: string | null,
  ranges: readonly RowRange[],
): Promise<readonly RowRange[]> {
  const described = file.arrays.find((array) => array.key === key)?.shape ?? [];
  const steps = stepColumn(file)?.shape[0];
  if (described.length < 3 || described[0] !== steps) return ranges;
  // The width of lists is known only from a value.
  const shape = described.includes(null) ? (await file.readMatrix(key, [[0, 1]])).shape : described;
  const perEntry = shape.slice(1, -1).reduce<number>((product, side) => product * (side ?? 1), 1);
  return ranges.map(([start, end]) => [start * perEntry, end * perEntry]);
}
