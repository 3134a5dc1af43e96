import { currentKernels } from '#kernels/choose-kernels.js';
import type { Centre } from '#kernels/kernels.js';
import { exponentOf } from '../floating/power-of-two.js';
import { isOrdinary } from '../floating/sums.js';
import { ABOUT_MEANS, CENTRE } from '../matrix/column-moments.js';
import type { MatrixDerived, MatrixFold, MatrixView, Rows } from '../matrix/matrix-view.js';
import { SCALED_CENTRED, scaledRaw } from '../matrix/scaled-values.js';
import { SURVEY } from '../matrix/survey.js';
import { isWide } from './gram.js';

/** Rᵀ of a Householder QR, [order, order] row-major, lower triangular: its singular values are those of the matrix. */
interface Factor {
  readonly lower: Float64Array;
  readonly order: number;
}

/** Entries of a vector that are reflected at a time: some columns of them stay in a first-level cache. */
const DEPTH = 512;

/** Singular values of the centred matrix, descending, in a unit of their own. */
export const CENTRED_SINGULAR_VALUES = singularValues(
  'singular values',
  factor('factor of the centred rows', ABOUT_MEANS, (rows) => {
    if (!isOrdinary(rows.get(SURVEY).spread)) return { data: rows.own(SCALED_CENTRED).data };
    return { data: rows.matrix.data, centre: rows.get(CENTRE) };
  }),
);

/** Those of the matrix as it is. */
export const UNCENTRED_SINGULAR_VALUES = singularValues(
  'uncentred singular values',
  factor('factor of the rows', [SURVEY], scaledRaw),
);

/** Rows, and what is to be taken from each. */
interface Values {
  readonly data: Float32Array | Float64Array;
  readonly centre?: Centre;
}

/**
 * Of the rows, block by block, and the factors of the blocks; of a matrix in memory with fewer rows than columns of its
 * transpose. It keeps the digits that squares lose: its own rounding is a few ulps of the largest singular value.
 */
function factor(
  name: string,
  needs: MatrixFold<Factor>['needs'],
  of: (rows: Rows) => Values,
): MatrixFold<Factor> {
  return {
    name,
    needs,
    part: (block) => {
      const { data, centre } = of(block);
      const { rows, cols } = block;
      const { mean, residual } = centre ?? { mean: new Float64Array(cols), residual: new Float64Array(cols) };
      if (isWide(block)) {
        return extended(null, rows, cols, (into, height, from, count) => {
          for (let j = 0; j < rows; j++) {
            for (let k = 0, at = j * cols + from, to = j * height; k < count; k++, at++, to++) {
              into[to] = data[at]! - mean[from + k]! - residual[from + k]!;
            }
          }
        });
      }
      return extended(null, cols, rows, (into, height, from, count) => {
        for (let k = 0, at = from * cols; k < count; k++) {
          for (let j = 0, to = k; j < cols; j++, at++, to += height) {
            into[to] = data[at]! - mean[j]! - residual[j]!;
          }
        }
      });
    },
    join: (a, b) =>
      extended(a, a.order, a.order, (into, height, from, count) => {
        for (let j = from; j < a.order; j++) {
          const row = j * a.order;
          into.set(b.lower.subarray(row + from, row + Math.min(from + count, j + 1)), j * height);
        }
      }),
  };
}

/** Copies entries `from … from + count` of every vector into columns of `height` entries, which are 0. */
type CopyEntries = (into: Float64Array, height: number, from: number, count: number) => void;

/** The factor of vectors that another factor, or none, lengthens: `order` of them, of `length` entries more. */
function extended(before: Factor | null, order: number, length: number, copy: CopyEntries): Factor {
  const depth = Math.min(DEPTH, length);
  const height = depth + order;
  let lower = before?.lower ?? null;
  for (let from = 0; from < length; from += depth) {
    const columns = new Float64Array(order * height);
    copy(columns, height, from, Math.min(depth, length - from));
    if (lower !== null) {
      for (let j = 0; j < order; j++) {
        columns.set(lower.subarray(j * order, j * order + j + 1), j * height + depth);
      }
    }
    currentKernels().qrFactor(columns, order, height);
    lower ??= new Float64Array(order * order);
    for (let j = 0; j < order; j++) lower.set(columns.subarray(j * height, j * height + j + 1), j * order);
  }
  return { lower: lower!, order };
}

function singularValues(name: string, of: MatrixFold<Factor>): MatrixDerived<Float64Array> {
  const valuesOf = ({ lower, order }: Factor, { rows, cols }: MatrixView): Float64Array => {
    let largest = 0;
    for (const x of lower) largest = Math.max(largest, Math.abs(x));
    if (!(largest > 0)) return new Float64Array(Math.min(rows, cols)).fill(largest);
    const { tridiagonalsOf, tridiagonalEigenvalues } = currentKernels();
    const doubled = tridiagonalsOf([{ lower, scale: 2 ** -exponentOf(largest) }], order);
    return tridiagonalEigenvalues(doubled)[0]!.reverse().subarray(0, Math.min(rows, cols));
  };
  return {
    name,
    needs: [],
    // The factor of a matrix in memory is not kept.
    alsoNeeds: ({ rowsInMemory }) => (rowsInMemory === null ? [of] : of.needs),
    from: (view) => {
      const { rowsInMemory } = view;
      return valuesOf(rowsInMemory === null ? view.get(of) : of.part(rowsInMemory), view);
    },
  };
}
