import { meansFrom } from '#kernels/arrays.js';
import { currentKernels } from '#kernels/choose-kernels.js';
import type { ColumnSurvey } from '#kernels/kernels.js';
import type { Matrix } from './matrix.js';
import type { MatrixDerived, MatrixFold, MatrixView } from './matrix-view.js';

/** Extremes of every column, and sums as differences from the first of the rows, [cols] each; of 0 and -0 the first counts. */
export interface ColumnSums extends ColumnSurvey {
  readonly rows: number;
  readonly first: Float64Array;
}

export const COLUMN_SUMS: MatrixFold<ColumnSums> = {
  name: 'column sums',
  needs: [],
  part: ({ matrix: { data, rows, cols } }) => ({
    rows,
    first: new Float64Array(data.subarray(0, cols)),
    ...currentKernels().surveyColumns(data, rows, cols),
  }),
  join: (a, b) => ({
    rows: a.rows + b.rows,
    first: a.first,
    sums: a.sums.map((sum, j) => sum + (b.sums[j]! + b.rows * (b.first[j]! - a.first[j]!))),
    min: a.min.map((x, j) => (b.min[j]! < x ? b.min[j]! : x)),
    max: a.max.map((x, j) => (b.max[j]! > x ? b.max[j]! : x)),
  }),
};

/** What the first pass finds of every matrix. */
export interface Survey {
  /** The smallest and largest value of each column, [cols]. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** The smallest and largest value of the whole matrix. */
  readonly lowest: number;
  readonly highest: number;
  /** The largest max − min of any column; 0 only if every column is constant, Infinity if it overflows. */
  readonly spread: number;
  /** Column means [cols]: the first row plus the mean difference from it, so that an offset costs no digits. */
  readonly means: Float64Array;
}

export const SURVEY: MatrixDerived<Survey> = {
  name: 'survey of the columns',
  needs: [COLUMN_SUMS],
  isGiven: true,
  from: (view) => {
    const { rows, first, sums, min, max } = view.get(COLUMN_SUMS);
    let [lowest, highest, spread] = [min[0]!, max[0]!, 0];
    for (let j = 0; j < min.length; j++) {
      lowest = Math.min(lowest, min[j]!);
      highest = Math.max(highest, max[j]!);
      spread = Math.max(spread, max[j]! - min[j]!);
    }
    return { min, max, lowest, highest, spread, means: meansFrom(first, rows, { sums }) };
  },
};

/** Of each column 1 where its smallest value equals its largest: it centres to exactly 0. */
export function constantColumns(view: MatrixView): Uint8Array {
  const { min, max } = view.get(SURVEY);
  const constant = new Uint8Array(min.length);
  for (let j = 0; j < min.length; j++) if (min[j] === max[j]) constant[j] = 1;
  return constant;
}

/** False where an entry is NaN or Inf, or the entries are so large that their differences overflow. */
export function isSurelyFinite({ sums }: ColumnSums): boolean {
  let check = 0;
  for (const sum of sums) check += sum * 0;
  return check === 0;
}

/** Column means [cols] of any matrix, as in `Survey`. */
export function columnMeans({ data, rows, cols }: Matrix): Float64Array {
  return meansFrom(data, rows, currentKernels().surveyColumns(data, rows, cols));
}
