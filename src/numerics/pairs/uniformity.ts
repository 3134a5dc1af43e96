import { TRUSTED_SHARE } from '#kernels/constants.js';
import { RunningSum } from '../floating/running-sum.js';
import { columnMeans } from '../matrix/column-moments.js';
import type { Embedding } from '../matrix/embedding.js';
import { directedRows, unitRows, writtenOut } from '../matrix/unit-rows.js';
import type { WholeEmbedding } from '../matrix/whole-embedding.js';
import { MIN_SAMPLED_PAIRS, type PairSampling, pairsToDraw } from '../random/pair-sampling.js';
import type { Estimated } from './estimate.js';
import { expectPairs, meanOverPairs, type PairTerm } from './pair-mean.js';
import { forEachProductRow } from './product-rows.js';
import { squaredDistance } from './squared-distance.js';
import { squaresAbout } from './squares-about.js';

/**
 * ln mean_{i<j} exp(−2‖u_i − u_j‖²) over the rows that have a direction, u = row/‖row‖: from −8 (two opposite rows)
 * to 0 (one direction). NaN for fewer than two such rows.
 * Source: Wang & Isola, arXiv 2005.10242, `uniform_loss` with t = 2.
 */
export function uniformity(embedding: Embedding): number {
  const { cols } = embedding;
  const directed = directedRows(embedding);
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

/**
 * The same, from random pairs where `sampling` asks for fewer than all: of those whose rows both have a direction. The
 * logarithm's standard error is the mean's divided by the mean; its bias is half the square of that. Where hardly any
 * row has a direction, every pair of those is taken after all.
 */
export function estimatedUniformity(
  embedding: WholeEmbedding,
  { pairwise, seed }: PairSampling,
): number | Estimated {
  const pairs = pairsToDraw(pairwise, embedding.rows, embedding.cols);
  if (pairs === null) return uniformity(embedding.inMemory);
  expectPairs(embedding, pairs, seed);
  const mean = meanOverPairs(embedding, REPULSION, pairs, seed);
  if (mean === null || mean.estimate.pairs < MIN_SAMPLED_PAIRS) return uniformity(embedding.inMemory);
  const { value, estimate } = mean;
  return {
    value: Math.log1p(value),
    estimate: { ...estimate, standardError: estimate.standardError / (1 + value) },
  };
}

export const REPULSION: PairTerm = {
  name: 'repulsion',
  vectors: (rows) => {
    const unit = rows.shared(unitRows);
    return { data: writtenOut(unit), has: unit.directions === unit.rows ? null : unit.hasDirection };
  },
  of: (squared) => Math.expm1(-2 * squared),
  range: [Math.expm1(-8), 0],
};
