import { type InputPart, type InputRef, partsOf } from '#discovery/names/step-ref.js';
import { showPath } from '#discovery/names/tree-path.js';
import { InputError } from '#errors.js';
import { checkBudget } from '#formats/shared/allocate.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import type { FileCache, FlatValues } from './file-cache.js';
import type { InputRows, LoadedPart } from './loaded-input.js';
import { labelMemory } from './row-value-memory.js';
import { SLACK } from './working-memory.js';

export interface LoadedRowValues {
  /** [rows, values a row], before a mask drops any. */
  readonly matrix: Matrix;
  readonly parts: readonly LoadedPart[];
}

/**
 * Reads the label or group of each row of `prediction`: an array of its leading axes, or of one axis with as many values
 * as there are rows; of a label also [rows, K] factors.
 *
 * Throws `InputError` E214 for another length or shape, E207 for NaN or Inf, E220 where factors are more than the budget.
 */
export async function loadRowValues(
  role: 'label' | 'group',
  input: InputRef,
  prediction: InputRows,
  files: FileCache,
): Promise<LoadedRowValues> {
  checkBudget((await labelMemory(input, files)) - SLACK, files.memory.maxMemory);
  const parts: LoadedPart[] = [];
  const read: Float64Array[] = [];
  const from = partsOf(input);
  const rows = prediction.parts.reduce((sum, part) => sum + part.rows, 0);
  let columns: number | null = null;
  for (const [i, part] of from.entries()) {
    const { values, dtype, shape } = await readNumbers(role, part, files);
    const described =
      from.length === prediction.parts.length ? prediction.parts[i]! : { rows, shape: [rows, 1] };
    const own = columnsOf(shape, values.length, described);
    const isFirst = columns === null;
    columns ??= own;
    if (own === null || own !== columns || (role === 'group' && own > 1)) {
      throw wrongShape(role, part.path, shape, isFirst ? described : { rows, shape: [rows, columns ?? 1] });
    }
    for (const [at, value] of values.entries()) {
      if (!Number.isFinite(value)) throw notANumber(role, part.path, Math.floor(at / own), value);
    }
    read.push(values instanceof Float64Array ? values : Float64Array.from(values));
    parts.push({ from: part, dtype, shape, rows: values.length / own, notes: [] });
  }
  const cols = columns ?? 1;
  if (read.length === 1) return { matrix: { data: read[0]!, rows, cols }, parts };
  const data = new Float64Array(rows * cols);
  let at = 0;
  for (const values of read) {
    data.set(values, at);
    at += values.length;
  }
  return { matrix: { data, rows, cols }, parts };
}

async function readNumbers(role: string, part: InputPart, files: FileCache): Promise<FlatValues> {
  try {
    return await files.readFlat(part);
  } catch (error) {
    if (!(error instanceof InputError) || error.code !== 'E206' || error.hasOwnHint) throw error;
    throw error.with({ hint: `save a number for each ${role}: \`np.unique(x, return_inverse=True)[1]\`` });
  }
}

/** How many values a row has: one where the shape is that of the rows, more where it has one more axis; null for neither. */
function columnsOf(
  shape: readonly number[],
  values: number,
  { rows, shape: ofRows }: Pick<LoadedPart, 'rows' | 'shape'>,
): number | null {
  const leading = String(ofRows.slice(0, -1));
  if (shape.length < 2 || String(shape) === leading) return values === rows ? 1 : null;
  const columns = shape.at(-1)!;
  const isPerRow = shape.length === 2 || String(shape.slice(0, -1)) === leading;
  return isPerRow && columns > 0 && values === rows * columns ? columns : null;
}

function wrongShape(
  role: string,
  path: string,
  shape: readonly number[],
  { rows, shape: ofRows }: Pick<LoadedPart, 'rows' | 'shape'>,
): InputError {
  const message = `the ${role} ${showPath(path)} is [${shape.join(', ')}], and there are ${rows} rows: [${ofRows.slice(0, -1).join(', ')}]`;
  const more = role === 'label' ? ', or [rows, K] of K factors' : '';
  return new InputError('E214', message, {
    path,
    hint: `a ${role} has one value a row: the shape of the prediction without its last axis${more}`,
    fields: { expected: ofRows.slice(0, -1), actual: shape },
  });
}

function notANumber(role: string, path: string, row: number, value: number): InputError {
  return new InputError('E207', `row ${row} of the ${role} is ${value}`, {
    path,
    hint: `a mask leaves out rows without a ${role}`,
    fields: { row, value: String(value) },
  });
}
