import { currentKernels } from '../kernels/choose-kernels.js';
import type { Embedding } from './embedding.js';
import { type Estimated, meanOverRandomPairs } from './estimate.js';
import { sumDistancesByGram } from './gram-distances.js';
import { type PairSampling, pairsToDraw } from './pair-sampling.js';
import { timesPowerOfTwo } from './power-of-two.js';
import { squaredDistance } from './squared-distance.js';

/**
 * The mean over the N(N−1)/2 pairs i < j of ‖x_i − x_j‖₂: exactly 0 for one row and for identical rows,
 * Infinity if it overflows. The same number whatever else is asked of the matrix.
 */
export function meanPairwiseDistance(embedding: Embedding): number {
  const { rows, cols, spread } = embedding;
  if (rows < 2 || spread === 0) return 0;
  const pairs = (rows * (rows - 1)) / 2;
  const { data, exponent } = embedding.differenceForm;
  if (exponent !== 0) {
    return timesPowerOfTwo(currentKernels().sumPairwiseDistances(data, rows, cols) / pairs, exponent);
  }
  // Only the Gram matrix of the rows holds their distances, and only the smaller of the two is of use to others.
  const byGram = rows < cols ? sumDistancesByGram(embedding) : null;
  return (byGram ?? currentKernels().sumPairwiseDistances(data, rows, cols, embedding.columnMeans)) / pairs;
}

/** The same, from random pairs where `sampling` asks for fewer than all: the same pairs for every matrix of N rows. */
export function pairwiseDistance(embedding: Embedding, { pairwise, seed }: PairSampling): number | Estimated {
  const { rows, cols } = embedding;
  const pairs = pairsToDraw(pairwise, rows, cols);
  if (pairs === null || embedding.spread === 0) return meanPairwiseDistance(embedding);
  const { data, exponent } = embedding.differenceForm;
  const { value, estimate } = meanOverRandomPairs(rows, pairs, seed, (i, j) =>
    Math.sqrt(squaredDistance(data, cols, i, j)),
  );
  return {
    value: timesPowerOfTwo(value, exponent),
    estimate: { ...estimate, standardError: timesPowerOfTwo(estimate.standardError, exponent) },
  };
}
