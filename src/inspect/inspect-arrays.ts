import { stepColumn } from '#discovery/candidates/step-column.js';
import { InputError } from '#errors.js';
import { checkBudget } from '#formats/shared/allocate.js';
import type { ArrayDescription, OpenedFile } from '#formats/shared/define-format.js';
import { product } from '#formats/shared/description.js';
import { bytesInMemory } from '#formats/shared/numeric.js';
import { MemoryPressure } from '#io/memory-pressure.js';
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
  const pressure = new MemoryPressure(maxMemory);
  const stepKey = placing.usesStepColumn ? stepColumn({ arrays: file.arrays })?.key : undefined;
  for (const array of file.arrays) {
    const { key, dtype, shape, order, kind, compression } = array;
    const isRead = most !== null && kind !== 'other';
    // The array before this one is garbage by now.
    if (isRead) await pressure.relieve(2 * knownBytes(array));
    const content = isRead ? await valuesOf(file, array, path, most - read, maxMemory) : {};
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

/** What the values of an array and their sums take; 0 where its header does not say how large it is. */
function knownBytes({ dtype, shape }: Pick<ArrayDescription, 'dtype' | 'shape'>): number {
  const axes = shape.filter((axis) => axis !== null);
  if (axes.length < shape.length) return 0;
  return product(axes) * bytesInMemory(dtype) + (axes.at(-1) ?? 0) * BYTES_PER_COLUMN;
}

async function bytesOf(file: OpenedFile, { key, dtype, shape }: ArrayDescription): Promise<number> {
  const whole = shape.includes(null) ? ((await file.shapeOf?.(key)) ?? shape) : shape;
  return knownBytes({ dtype, shape: whole });
}

/** Makes E220 for an array that takes `needed` bytes, with what is enough for every other of its file too. */
async function refused(file: OpenedFile, needed: number, budget: number): Promise<InputError> {
  let most = needed;
  for (const array of file.arrays) {
    if (array.kind !== 'matrix') continue;
    try {
      most = Math.max(most, await bytesOf(file, array), (await file.bytesToRead?.(array.key)) ?? 0);
    } catch (error) {
      // Its own refusal says it.
      if (!(error instanceof InputError)) throw error;
    }
  }
  return new InputError('E220', `${needed} bytes are needed at once; the budget is ${budget}`, {
    hint: `pass --max-memory ${Math.ceil(most / 2 ** 20)}MiB, or save fewer rows`,
    fields: { needed, budget },
  });
}

/** Reads an array. E220 for what is more than the budget: its values, their sums, and the pages that they are read from. */
async function matrixOf(
  file: OpenedFile,
  array: ArrayDescription,
  maxMemory: number | undefined,
): Promise<Matrix> {
  const known = await bytesOf(file, array);
  try {
    checkBudget(known, maxMemory);
    return (await file.readMatrix(array.key)).matrix;
  } catch (error) {
    const { needed } = error instanceof InputError && error.code === 'E220' ? error.fields : {};
    // What the engine cannot allocate is within the budget.
    if (typeof needed !== 'number' || maxMemory === undefined || needed <= maxMemory) throw error;
    throw await refused(file, Math.max(needed, known), maxMemory);
  }
}

async function valuesOf(
  file: OpenedFile,
  array: ArrayDescription,
  path: string,
  left: number,
  maxMemory: number | undefined,
): Promise<Pick<InspectedArray, 'values' | 'error'>> {
  const { key, kind } = array;
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
      const matrix = await matrixOf(file, array, maxMemory);
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
