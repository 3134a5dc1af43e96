import { InputError } from '#errors.js';
import type { ArrayDescription, RowRange } from '#formats/shared/define-format.js';
import { wordsIn } from '../names/name-tokens.js';
import { numberWord } from '../names/number-words.js';
import { showPath } from '../names/tree-path.js';
import type { FileDescription } from '../paths/file-tree.js';

/**
 * Finds the column that numbers a file's rows: `step`, in any case, one number a row; else another unit of training
 * (`steps`, `global_step`, `epoch`) that has one number, or one for each entry along the first axis of an array.
 */
export function stepColumn({ arrays }: Pick<FileDescription, 'arrays'>): ArrayDescription | null {
  const vectors = arrays.filter((array) => array.kind === 'vector');
  const strength = (array: ArrayDescription): number => {
    const word = numberWord(wordsIn(array.key ?? '').join(''));
    const [length = 1] = array.shape;
    const isOfEntries = arrays.some(({ shape }) => shape.length >= 2 && shape[0] === length);
    return word?.isUnit === true && (length === 1 || isOfEntries) ? word.strength! : Number.POSITIVE_INFINITY;
  };
  return (
    vectors.find(isCalledStep) ??
    vectors
      .filter((array) => strength(array) < Number.POSITIVE_INFINITY)
      .sort((a, b) => strength(a) - strength(b))[0] ??
    null
  );
}

function isCalledStep({ key }: ArrayDescription): boolean {
  return key?.toLowerCase() === 'step';
}

export interface RowsBySteps {
  /** Rows by step; null in place of ranges means all of them, a null step that nothing gives one. */
  readonly rows: ReadonlyMap<number | null, readonly RowRange[] | null>;
  readonly warnings: readonly string[];
}

/**
 * Sorts a container's rows by step: the one its path names, else those of its `step` column (one number in it is the
 * step of the whole file). Throws `InputError` where the column cannot be used.
 */
export async function rowsBySteps(
  named: number | null,
  description: FileDescription,
  path: string,
): Promise<RowsBySteps> {
  const column = stepColumn(description);
  if (column === null) return { rows: new Map([[named, null]]), warnings: [] };
  if (named !== null) {
    if (!isCalledStep(column)) return { rows: new Map([[named, null]]), warnings: [] };
    const differs = await differsFrom(named, description, column.key);
    const warning = `${showPath(path)} is step ${named} by its name; its column 'step' says otherwise and is not used`;
    return { rows: new Map([[named, null]]), warnings: differs ? [warning] : [] };
  }
  const values = await description.readVector(column.key);
  if (!isCalledStep(column) && !areSteps(values, description.arrays))
    return { rows: new Map([[null, null]]), warnings: [] };
  if (values.length !== 1) {
    for (const { key, shape, kind } of description.arrays) {
      if (kind === 'matrix') checkLength(values.length, column.key!, shape, key, path);
    }
  }
  return { rows: stepRows(values, column.key!, path), warnings: [] };
}

/** Is true for a column with another step; one that cannot be read says nothing against the name. */
async function differsFrom(
  named: number,
  description: FileDescription,
  key: string | null,
): Promise<boolean> {
  try {
    return (await description.readVector(key)).some((step) => step !== named);
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** Is true for whole numbers that several rows share, or that never fall over the entries of a stack of matrices. */
function areSteps(values: Float64Array, arrays: readonly ArrayDescription[]): boolean {
  if (!values.every((value) => Number.isSafeInteger(value) && value >= 0)) return false;
  if (values.length === 1 || new Set(values).size * 2 <= values.length) return true;
  const isStack = arrays.some(({ shape }) => shape.length >= 3 && shape[0] === values.length);
  return isStack && values.every((value, i) => i === 0 || value >= values[i - 1]!);
}

function checkLength(
  steps: number,
  column: string,
  shape: readonly (number | null)[],
  key: string | null,
  path: string,
): void {
  // One number for each entry of the first axis, whatever lies in it; or one for each row, all axes but the last.
  if (shape[0] === steps) return;
  const leading = shape.slice(0, -1);
  const rows = leading.reduce<number | null>(
    (product, size) => (product === null || size === null ? null : product * size),
    1,
  );
  if (rows === null || rows === steps) return;
  const array = key === null ? 'its array' : showPath(key);
  throw new InputError(
    'E214',
    `${showPath(path)} has ${steps} steps in column ${showPath(column)} and ${rows} rows in ${array}`,
    {
      path,
      hint: 'write one step number for each row',
      fields: { expected: rows, actual: steps },
    },
  );
}

/**
 * Finds the rows of each step by the values of a step column: contiguous rows as one range, in the
 * order of the file. null in place of ranges means every row.
 *
 * Throws `InputError` for a value that is no step: E204 for NaN, fractions and negative numbers, E222
 * beyond 2^53.
 */
function stepRows(
  values: Float64Array,
  column: string,
  path: string,
): ReadonlyMap<number, readonly RowRange[] | null> {
  const steps = new Map<number, RowRange[]>();
  let start = 0;
  for (let row = 0; row < values.length; row++) {
    const step = values[row]!;
    if (!Number.isSafeInteger(step) || step < 0) throw notAStep(step, row, column, path);
    if (row + 1 < values.length && values[row + 1] === step) continue;
    const ranges = steps.get(step);
    if (ranges === undefined) steps.set(step, [[start, row + 1]]);
    else ranges.push([start, row + 1]);
    start = row + 1;
  }
  return steps.size === 1 ? new Map([...steps.keys()].map((step) => [step, null])) : steps;
}

function notAStep(value: number, row: number, column: string, path: string): InputError {
  const tooLarge = Number.isInteger(value) && value > 0;
  return new InputError(
    tooLarge ? 'E222' : 'E204',
    `row ${row} of column ${showPath(column)} in ${showPath(path)} has ${value}, which is ${tooLarge ? 'beyond 2^53' : 'not a step'}`,
    { path, hint: 'number the steps with whole numbers from 0 on', fields: { row, value } },
  );
}
