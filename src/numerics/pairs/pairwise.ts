import { timesPowerOfTwo } from '../floating/power-of-two.js';
import type { MatrixDerived, MatrixView } from '../matrix/matrix-view.js';
import { DIFFERENCE_FORM, unitOfDifferences } from '../matrix/scaled-values.js';
import { SURVEY } from '../matrix/survey.js';
import { pairsToDraw } from '../random/pair-sampling.js';
import type { Estimated } from './estimate.js';
import { type PairTerm, pairMean } from './pair-mean.js';
import { PAIR_SUMS } from './pair-sums.js';
import { DISTANCES_WANTED } from './pair-terms.js';

/** Every row has a distance from every other: there are always as many pairs as were asked for. */
export const DISTANCE: PairTerm = {
  name: 'distance',
  vectors: (rows) => ({ data: rows.own(DIFFERENCE_FORM).data, has: null }),
  of: Math.sqrt,
  range: [0, Number.POSITIVE_INFINITY],
};

const MEAN_OF_DRAWN = pairMean(DISTANCE);

/**
 * The mean over the N(N−1)/2 pairs i < j of ‖x_i − x_j‖₂: exactly 0 for one row and for identical rows, Infinity if it
 * overflows. From random pairs where the batch asks for fewer than all: the same pairs for every matrix of N rows.
 */
export const PAIRWISE_DISTANCE: MatrixDerived<number | Estimated> = {
  name: 'mean pairwise distance',
  needs: [SURVEY],
  alsoNeeds: (view) => (isDrawn(view) ? [MEAN_OF_DRAWN] : [PAIR_SUMS, DISTANCES_WANTED]),
  from: (view) => {
    const { rows } = view;
    if (rows < 2 || view.get(SURVEY).spread === 0) return 0;
    const exponent = unitOfDifferences(view);
    if (isDrawn(view)) {
      const { value, estimate } = view.get(MEAN_OF_DRAWN)!;
      return {
        value: timesPowerOfTwo(value, exponent),
        estimate: { ...estimate, standardError: timesPowerOfTwo(estimate.standardError, exponent) },
      };
    }
    const pairs = (rows * (rows - 1)) / 2;
    return timesPowerOfTwo(view.get(PAIR_SUMS).distances / pairs, exponent);
  },
};

function isDrawn({ sampling, rows, cols }: MatrixView): boolean {
  return pairsToDraw(sampling.pairwise, rows, cols) !== null;
}
