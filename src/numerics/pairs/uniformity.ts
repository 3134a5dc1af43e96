import { TRUSTED_SHARE } from '#kernels/constants.js';
import { RunningSum } from '../floating/running-sum.js';
import { WHOLE } from '../matrix/gather-rows.js';
import type { MatrixDerived, MatrixView, Rows } from '../matrix/matrix-view.js';
import { columnMeans } from '../matrix/survey.js';
import { directedRows, UNIT_ROWS, writtenOut } from '../matrix/unit-rows.js';
import { MIN_SAMPLED_PAIRS, pairsToDraw } from '../random/pair-sampling.js';
import type { Estimated } from './estimate.js';
import { type PairTerm, pairMean } from './pair-mean.js';
import { forEachProductRow } from './product-rows.js';
import { squaredDistance } from './squared-distance.js';
import { squaresAbout } from './squares-about.js';

/**
 * ln mean_{i<j} exp(−2‖u_i − u_j‖²) over the rows that have a direction, u = row/‖row‖: from −8 (two opposite rows)
 * to 0 (one direction). NaN for fewer than two such rows.
 * Source: Wang & Isola, arXiv 2005.10242, `uniform_loss` with t = 2.
 */
export function uniformity(view: Rows): number {
  const { cols } = view;
  const directed = directedRows(view);
  const n = directed.rows;
  const u = writtenOut(directed);
  const mean = columnMeans({ data: u, rows: n, cols });
  const squared = squaresAbout(mean, u, n);
  // exp(x) − 1 is what is summed: near complete collapse the mean is 1 up to digits that matter.
  const total = new RunningSum();
  const rows = { x: u, xRows: n, y: u, yRows: n, cols };
  forEachProductRow(rows, { mean, isUpper: true }, (i, products, from) => {
    let row = 0;
    for (let j = i + 1; j < n; j++) {
      const both = squared[i]! + squared[j]!;
      const left = both - 2 * products[j - from]!;
      const apart = left >= TRUSTED_SHARE * both ? left : squaredDistance(u, u, cols, i, j);
      row += Math.expm1(-2 * apart);
    }
    total.add(row);
  });
  return Math.log1p(total.value / ((n * (n - 1)) / 2));
}

export const REPULSION: PairTerm = {
  name: 'repulsion',
  vectors: (rows) => {
    const unit = rows.own(UNIT_ROWS);
    return { data: writtenOut(unit), has: unit.directions === unit.rows ? null : unit.hasDirection };
  },
  of: (squared) => Math.expm1(-2 * squared),
  range: [Math.expm1(-8), 0],
};

const MEAN_OF_DRAWN = pairMean(REPULSION);

/**
 * The same, from random pairs where the batch asks for fewer than all: of those whose rows both have a direction. The
 * logarithm's standard error is the mean's divided by the mean; its bias is half the square of that. Where hardly any
 * row has a direction, every pair of those is taken after all.
 */
export const UNIFORMITY: MatrixDerived<number | Estimated> = {
  name: 'uniformity',
  needs: [],
  alsoNeeds: (view) => [isDrawn(view) ? MEAN_OF_DRAWN : WHOLE],
  thenNeeds: (view) => (isDrawn(view) && estimateOf(view) === null ? [WHOLE] : []),
  from: (view) => {
    const mean = isDrawn(view) ? estimateOf(view) : null;
    if (mean === null) return uniformity(view.get(WHOLE));
    const { value, estimate } = mean;
    return {
      value: Math.log1p(value),
      estimate: { ...estimate, standardError: estimate.standardError / (1 + value) },
    };
  },
};

/** null where hardly any pair has two directions. */
function estimateOf(view: MatrixView): Estimated | null {
  const mean = view.get(MEAN_OF_DRAWN);
  return mean === null || mean.estimate.pairs < MIN_SAMPLED_PAIRS ? null : mean;
}

function isDrawn({ sampling, rows, cols }: MatrixView): boolean {
  return pairsToDraw(sampling.pairwise, rows, cols) !== null;
}
