import { currentKernels } from '#kernels/choose-kernels.js';
import { RunningSum } from '../floating/running-sum.js';
import { WHOLE } from '../matrix/gather-rows.js';
import type { MatrixDerived, MatrixView, Rows } from '../matrix/matrix-view.js';
import { columnMeans } from '../matrix/survey.js';
import { directedRows, UNIT_ROWS, writtenOut } from '../matrix/unit-rows.js';
import { MIN_SAMPLED_PAIRS, pairsToDraw } from '../random/pair-sampling.js';
import type { Estimated } from './estimate.js';
import { type PairTerm, POOL_WRITTEN_OUT, pairMean } from './pair-mean.js';
import { PAIR_SUMS } from './pair-sums.js';
import { REPULSION_WANTED, repulsionOf } from './pair-terms.js';
import { squaredDistance } from './squared-distance.js';

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
  // exp(x) − 1 is what is summed: near complete collapse the mean is 1 up to digits that matter.
  const repulsion = { lengths: new Float64Array(n).fill(1), share: 0, size: 0, sum: Number.NaN, open: null };
  const centre = { mean, residual: new Float64Array(cols) };
  currentKernels().sumPairwiseDistances(u, n, cols, centre, { nearest: new Float64Array(n), repulsion });
  return uniformityOf(repulsion.sum, n);
}

/** The same from the products of the rows that other metrics need too; null where those would not have its digits. */
function uniformityByProducts(view: MatrixView): number | null {
  const rows = view.get(WHOLE);
  const { sum, open } = (repulsionOf(rows) && view.get(PAIR_SUMS).repulsion) ?? {
    sum: Number.NaN,
    open: null,
  };
  if (open === null) return null;
  const total = new RunningSum();
  total.add(sum);
  if (open.length > 0) {
    const u = writtenOut(rows.own(UNIT_ROWS));
    for (let k = 0; k < open.length; k += 2) {
      total.add(Math.expm1(-2 * squaredDistance(u, u, rows.cols, open[k]!, open[k + 1]!)));
    }
  }
  return uniformityOf(total.value, rows.rows);
}

/** Of Σ over the pairs of n rows of exp(−2‖u_i − u_j‖²) − 1. */
const uniformityOf = (sum: number, n: number) => Math.log1p(sum / ((n * (n - 1)) / 2));

export const REPULSION: PairTerm = {
  name: 'repulsion',
  writes: POOL_WRITTEN_OUT,
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
  alsoNeeds: (view) => (isDrawn(view) ? [MEAN_OF_DRAWN] : [WHOLE, PAIR_SUMS, REPULSION_WANTED]),
  thenNeeds: (view) => (isDrawn(view) && estimateOf(view) === null ? [WHOLE] : []),
  from: (view) => {
    const mean = isDrawn(view) ? estimateOf(view) : null;
    if (mean === null) {
      return (isDrawn(view) ? null : uniformityByProducts(view)) ?? uniformity(view.get(WHOLE));
    }
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
