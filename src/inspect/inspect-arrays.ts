import { stepColumn } from '#discovery/candidates/step-column.js';
import { InputError } from '#errors.js';
import { checkBudget } from '#formats/shared/allocate.js';
import type { ArrayDescription, OpenedFile } from '#formats/shared/define-format.js';
import { product } from '#formats/shared/description.js';
import { bytesInMemory } from '#formats/shared/numeric.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { summariseValues } from '#numerics/matrix/value-summary.js';
import { toReportError } from '#report/report-error.js';
import type { ArrayValues, InspectedArray } from '#report/types.js';
import type { Placing } from './placing.js';

/** No file of embeddings is compressed further; one that is may hold any number of arrays. */
const EXPANSION = 64;

/** How many bytes of values a file of that size is read for: what fits into memory at once can be asked for. */
export function mostValueBytes(fileBytes: number, maxMemory = 0): number {
  return Math.max(maxMemory, EXPANSION * fileBytes);
}

/**
 * Describes every array of a file; where `most` is not null, also what is in it or why that cannot be read. One array is in
 * memory at a time, and none is read once `most` bytes of values were.
 */
export async function inspectArrays(
  file: OpenedFile,
  placing: Placing,
  most: number | null,
  path: string,
  maxMemory?: number,
): Promise<InspectedArray[]> {
  const inspected: InspectedArray[] = [];
  let read = 0;
  const stepKey = placing.usesStepColumn ? stepColumn({ arrays: file.arrays })?.key : undefined;
  for (const array of file.arrays) {
    const { key, dtype, shape, order, kind, compression } = array;
    const content =
      most === null || kind === 'other' ? {} : await valuesOf(file, array, path, most - read, maxMemory);
    if (content.values !== undefined) read += content.values.rows * (content.values.cols ?? 1) * VALUE_BYTES;
    inspected.push({
      key,
      dtype,
      shape: [...shape],
      order,
      kind,
      ...(compression === undefined ? {} : { compression }),
      role: key !== null && key === stepKey ? 'step' : placing.roleOf(key, 'array'),
      ...content,
    });
  }
  return inspected;
}

/** At least, of a number that is read. */
const VALUE_BYTES = 4;
/** Of a column's sum, mean, squares and ends. */
const BYTES_PER_COLUMN = 40;

async function valuesOf(
  file: OpenedFile,
  { key, kind, dtype, shape }: ArrayDescription,
  path: string,
  left: number,
  maxMemory: number | undefined,
): Promise<Pick<InspectedArray, 'values' | 'error'>> {
  try {
    if (left <= 0) {
      throw new InputError(
        'E220',
        'the arrays before it have more values than a file of this size is read for',
        {
          hint: 'raise --max-memory, or look at arrays of a file of their own',
        },
      );
    }
    if (kind === 'matrix') {
      const needed = (values: number, cols: number) =>
        values * bytesInMemory(dtype) + cols * BYTES_PER_COLUMN;
      if (shape.every((n) => n !== null)) checkBudget(needed(product(shape), shape.at(-1)!), maxMemory);
      const { matrix } = await file.readMatrix(key);
      checkBudget(needed(matrix.data.length, matrix.cols), maxMemory);
      return { values: { rows: matrix.rows, cols: matrix.cols, ...summaryOf(matrix) } };
    }
    const data = await file.readVector(key);
    const summary = summaryOf({ data, rows: data.length, cols: 1 });
    return { values: { rows: data.length, cols: null, ...summary, rowNorms: null, constantDims: null } };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { error: toReportError(error.at(path)) };
  }
}

function summaryOf(matrix: Matrix): Omit<ArrayValues, 'rows' | 'cols'> {
  return summariseValues(matrix);
}
