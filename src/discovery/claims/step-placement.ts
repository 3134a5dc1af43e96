import { InputError } from '#errors.js';
import type { RowRange } from '#formats/shared/define-format.js';
import { showPath } from '../names/tree-path.js';
import type { FileDescription } from '../paths/file-tree.js';
import { stepColumn, stepRows } from './step-rows.js';

export interface Placement {
  /** Rows by step; null in place of ranges means all of them, a null step that nothing tells one. */
  readonly rows: ReadonlyMap<number | null, readonly RowRange[] | null>;
  readonly warnings: readonly string[];
}

/**
 * The steps a container's rows belong to: the one its path names, else those of its `step` column (one
 * number in it is the step of the whole file). Throws `InputError` where the column cannot be used.
 */
export async function placeRows(
  named: number | null,
  description: FileDescription,
  path: string,
): Promise<Placement> {
  const column = stepColumn(description);
  if (column === null) return { rows: new Map([[named, null]]), warnings: [] };
  if (named !== null) {
    const differs = await differsFrom(named, description, column.key);
    const warning = `${showPath(path)} is step ${named} by its name; its column 'step' says otherwise and is not used`;
    return { rows: new Map([[named, null]]), warnings: differs ? [warning] : [] };
  }
  const values = await description.readVector(column.key);
  if (values.length !== 1) {
    for (const { key, shape, kind } of description.arrays) {
      if (kind === 'matrix') checkLength(values.length, shape, key, path);
    }
  }
  return { rows: stepRows(values, path), warnings: [] };
}

/** A column that cannot be read says nothing against the name. */
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

function checkLength(
  steps: number,
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
    `${showPath(path)} has ${steps} steps in column 'step' and ${rows} rows in ${array}`,
    {
      path,
      hint: 'write one step number for each row',
      fields: { expected: rows, actual: steps },
    },
  );
}
