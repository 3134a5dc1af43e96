import { currentKernels } from '#kernels/choose-kernels.js';
import type { PairTerms } from '#kernels/kernels.js';
import { CENTRE } from '../matrix/column-moments.js';
import { WHOLE } from '../matrix/gather-rows.js';
import type { MatrixDerived, Rows } from '../matrix/matrix-view.js';
import { DIFFERENCE_FORM, unitOfDifferences } from '../matrix/scaled-values.js';
import { SURVEY } from '../matrix/survey.js';
import { CENTRED_GRAM, isWide } from '../spectra/gram.js';
import { type PairSums, pairSums, pairTerms } from './pair-terms.js';

/**
 * What is wanted of all pairs of rows, from one pass over their products: with the Gram matrix of the rows where others
 * need that, and the same numbers alone.
 */
export const PAIR_SUMS: MatrixDerived<PairSums> = {
  name: 'sums over pairs',
  needs: [SURVEY, WHOLE, CENTRE],
  from: (view) => {
    const rows = view.get(WHOLE);
    const byGram = isWide(rows) ? view.ifNeeded(CENTRED_GRAM)?.pairs : null;
    return byGram ?? sumsOf(rows, pairTerms(rows));
  },
};

/** The same without the Gram matrix. */
export function sumsOf(rows: Rows, terms: PairTerms | undefined): PairSums {
  const { data } = rows.own(DIFFERENCE_FORM);
  const centre = unitOfDifferences(rows) === 0 ? rows.get(CENTRE) : undefined;
  const { sumPairwiseDistances } = currentKernels();
  return pairSums(sumPairwiseDistances(data, rows.rows, rows.cols, centre, terms), terms);
}
