import { currentKernels } from '#kernels/choose-kernels.js';
import type { Tridiagonal } from '#kernels/kernels.js';
import type { MatrixDerived, MatrixView } from '../matrix/matrix-view.js';
import { SURVEY } from '../matrix/survey.js';
import { REDUCTION, type Reduction } from './reduction.js';

/** The squares of a matrix's singular values, in a unit of their own: only their ratios mean something. */
export interface Spectrum {
  /** Descending, [min(rows, cols)]; what may be rounding alone is 0. NaN where the matrix overflows. */
  readonly eigenvalues: Float64Array;
  /** How many are above 0. */
  readonly rank: number;
}

/** σ² of the centred matrix as its Gram matrix has them, descending, rounding included, [min(rows, cols)]; NaN in overflow. */
export const CENTRED_SQUARES_BY_GRAM = squares<never>('squared singular values', ({ centred }) => centred, {
  zero: ({ rows, cols }) => new Float64Array(Math.min(rows, cols)),
  overflow: ({ rows, cols }) => new Float64Array(Math.min(rows, cols)).fill(Number.NaN),
});

/** Those of the matrix as it is; null where its numbers are extreme. */
export const UNCENTRED_SQUARES_BY_GRAM = squares<null>(
  'uncentred squared singular values',
  ({ uncentred }) => uncentred,
  {
    // Rows that are all the same have one direction, or none.
    zero: (view) => {
      const { lowest, highest } = view.get(SURVEY);
      const squared = new Float64Array(Math.min(view.rows, view.cols));
      if (lowest !== 0 || highest !== 0) squared[0] = 1;
      return squared;
    },
    overflow: () => null,
  },
);

function squares<Missing extends null>(
  name: string,
  part: (reduction: Reduction) => Tridiagonal | Missing,
  without: Readonly<Record<'zero' | 'overflow', (view: MatrixView) => Float64Array | Missing>>,
): MatrixDerived<Float64Array | Missing> {
  const of = (views: readonly MatrixView[]): (Float64Array | Missing)[] => {
    const parts = views.map((view) => {
      const reduction = view.get(REDUCTION);
      return typeof reduction === 'string' ? reduction : part(reduction);
    });
    const usable = parts.filter((one): one is Tridiagonal => one !== null && typeof one === 'object');
    const found = usable.length === 0 ? [] : currentKernels().tridiagonalEigenvalues(usable);
    return views.map((view, i) => {
      const one = parts[i]!;
      if (typeof one === 'string') return without[one](view);
      if (one === null) return one as Missing;
      const order = Math.min(view.rows, view.cols);
      return found[usable.indexOf(one)]!.reverse().subarray(0, order);
    });
  };
  return { name, needs: [REDUCTION], from: (view) => of([view])[0]!, together: of };
}

/**
 * σ² of the centred matrix, through its Gram matrix. Eigenvalues below max(N, D)·2⁻⁵²·λmax count as 0, so a singular
 * value is seen down to about 1e-7 of the largest.
 */
export const CENTRED_SPECTRUM: MatrixDerived<Spectrum> = {
  name: 'spectrum',
  needs: [CENTRED_SQUARES_BY_GRAM],
  from: (view) => {
    const { rows, cols } = view;
    const squared = view.get(CENTRED_SQUARES_BY_GRAM);
    if (Number.isNaN(squared[0])) return { eigenvalues: squared, rank: 0 };
    const noise = Math.max(rows, cols) * 2 ** -52 * (squared[0] ?? 0);
    const rank = squared.findIndex((x) => !(x > noise));
    if (rank === -1) return { eigenvalues: squared, rank: squared.length };
    return { eigenvalues: squared.slice().fill(0, rank), rank };
  },
};
