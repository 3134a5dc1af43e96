import { InputError } from '#errors.js';
import type { ArrayDescription, RowRange } from '#formats/shared/define-format.js';
import { showPath } from '../names/tree-path.js';
import type { FileDescription } from '../paths/file-tree.js';

/** The column that numbers a file's rows: `step`, in any case, one number a row. */
export function stepColumn(description: Pick<FileDescription, 'arrays'>): ArrayDescription | null {
  const named = description.arrays.filter((array) => array.key?.toLowerCase() === 'step');
  return named.find((array) => array.kind === 'vector') ?? null;
}

/**
 * Which rows belong to which step, by the values of a step column: contiguous rows as one range, in the
 * order of the file. Null in place of ranges means every row.
 *
 * Throws `InputError` for a value that is no step: E204 for NaN, fractions and negative numbers, E222
 * beyond 2^53.
 */
export function stepRows(
  values: Float64Array,
  path: string,
): ReadonlyMap<number, readonly RowRange[] | null> {
  const steps = new Map<number, RowRange[]>();
  let start = 0;
  for (let row = 0; row < values.length; row++) {
    const step = values[row]!;
    if (!Number.isSafeInteger(step) || step < 0) throw notAStep(step, row, path);
    if (row + 1 < values.length && values[row + 1] === step) continue;
    const ranges = steps.get(step);
    if (ranges === undefined) steps.set(step, [[start, row + 1]]);
    else ranges.push([start, row + 1]);
    start = row + 1;
  }
  return steps.size === 1 ? new Map([...steps.keys()].map((step) => [step, null])) : steps;
}

function notAStep(value: number, row: number, path: string): InputError {
  const tooLarge = Number.isInteger(value) && value > 0;
  return new InputError(
    tooLarge ? 'E222' : 'E204',
    `row ${row} of column 'step' in ${showPath(path)} holds ${value}, which is ${tooLarge ? 'beyond 2^53' : 'no step'}`,
    { path, hint: 'number the steps with whole numbers from 0 on', fields: { row, value } },
  );
}
