import { stepColumn } from '#discovery/candidates/step-column.js';
import { InputError } from '#errors.js';
import type { ArrayDescription, OpenedFile } from '#formats/shared/define-format.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { summariseValues } from '#numerics/matrix/value-summary.js';
import { toReportError } from '#report/report-error.js';
import type { ArrayValues, InspectedArray } from '#report/types.js';
import type { Placing } from './placing.js';

/** Describes every array of a file; with `values`, what is in it or why that cannot be read. One array is in memory at a time. */
export async function inspectArrays(
  file: OpenedFile,
  placing: Placing,
  values: boolean,
  path: string,
): Promise<InspectedArray[]> {
  const inspected: InspectedArray[] = [];
  const stepKey = placing.usesStepColumn ? stepColumn({ arrays: file.arrays })?.key : undefined;
  for (const array of file.arrays) {
    const { key, dtype, shape, order, kind, compression } = array;
    inspected.push({
      key,
      dtype,
      shape: [...shape],
      order,
      kind,
      ...(compression === undefined ? {} : { compression }),
      role: key !== null && key === stepKey ? 'step' : placing.roleOf(key, 'array'),
      ...(values && kind !== 'other' ? await valuesOf(file, array, path) : {}),
    });
  }
  return inspected;
}

async function valuesOf(
  file: OpenedFile,
  { key, kind }: ArrayDescription,
  path: string,
): Promise<Pick<InspectedArray, 'values' | 'error'>> {
  try {
    if (kind === 'matrix') {
      const { matrix } = await file.readMatrix(key);
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
