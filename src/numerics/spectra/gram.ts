import { currentKernels } from '#kernels/choose-kernels.js';
import { isOrdinary } from '../floating/sums.js';
import { ABOUT_MEANS, CENTRE } from '../matrix/column-moments.js';
import type { MatrixFold, Rows } from '../matrix/matrix-view.js';
import { SCALED_CENTRED, type ScaledValues } from '../matrix/scaled-values.js';
import { SURVEY } from '../matrix/survey.js';
import { DISTANCES_WANTED, type PairSums, pairSums, pairTerms } from '../pairs/pair-terms.js';

/** X Xᵀ or Xᵀ X. */
export interface Gram {
  /** Lower triangle, row-major [order, order], in units of 4^exponent; read it, never write to it. */
  readonly data: Float64Array;
  /** rows or cols. */
  readonly order: number;
  readonly exponent: number;
  /** What is needed of the pairs of rows, where it comes from the same products. */
  readonly pairs?: PairSums | null;
}

/**
 * The Gram matrix of the centred matrix: N·Σ (ddof 0), or its dual where it is wide. Of blocks of rows it is the sum
 * of theirs: there are hundreds at most, each a sum of its own, so rounding stays put.
 */
export const CENTRED_GRAM: MatrixFold<Gram> = {
  name: 'Gram matrix',
  needs: ABOUT_MEANS,
  part: (rows) => centredGram(rows, isWide(rows)),
  join: sumOfGrams,
};

/** N·Σ (ddof 0), whichever is smaller. */
export const CENTRED_COLUMN_GRAM: MatrixFold<Gram> = {
  name: 'Gram matrix of the columns',
  needs: ABOUT_MEANS,
  part: (rows) => centredGram(rows, false),
  join: sumOfGrams,
};

/**
 * True of a whole matrix of no more rows than dimensions: its Gram matrix is then that of the rows, which holds their
 * distances. Rows that pass by never meet each other.
 */
export function isWide({ isWhole, rows, cols }: Rows): boolean {
  return isWhole && rows <= cols;
}

function centredGram(view: Rows, byRows: boolean): Gram {
  const { matrix, rows, cols } = view;
  if (!isOrdinary(view.get(SURVEY).spread)) return gramOf(view.own(SCALED_CENTRED), view, byRows);
  // Squares of ordinary values need no unit of their own, and the kernels centre while they read.
  const centre = view.get(CENTRE);
  const order = byRows ? rows : cols;
  const gram = new Float64Array(order * order);
  const kernels = currentKernels();
  const terms = byRows ? pairTerms(view) : undefined;
  if (terms !== undefined || (byRows && view.isNeeded(DISTANCES_WANTED))) {
    const distances = kernels.gramAndDistances(matrix.data, rows, cols, gram, centre, terms);
    return { data: gram, order, exponent: 0, pairs: pairSums(distances, terms) };
  }
  if (byRows) kernels.gram(matrix.data, rows, cols, gram, centre);
  else kernels.gramOfColumns(matrix.data, rows, cols, gram, centre);
  return { data: gram, order, exponent: 0 };
}

function gramOf({ data, exponent }: ScaledValues, { rows, cols }: Rows, byRows: boolean): Gram {
  const order = byRows ? rows : cols;
  const gram = new Float64Array(order * order);
  const kernels = currentKernels();
  if (byRows) kernels.gram(data, rows, cols, gram);
  else kernels.gramOfColumns(data, rows, cols, gram);
  return { data: gram, order, exponent };
}

/** Into the first one's array. */
export function sumOfGrams(a: Gram, b: Gram): Gram {
  for (let k = 0; k < a.data.length; k++) a.data[k] = a.data[k]! + b.data[k]!;
  return a;
}
