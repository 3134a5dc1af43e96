import { currentKernels } from '#kernels/choose-kernels.js';
import { timesPowerOfTwo } from '../floating/power-of-two.js';
import { type Embedding, unitOfDifferences } from '../matrix/embedding.js';
import type { WholeEmbedding } from '../matrix/whole-embedding.js';
import { type PairSampling, pairsToDraw } from '../random/pair-sampling.js';
import { CENTRED_GRAM, expectDistances } from '../spectra/gram.js';
import type { Estimated } from './estimate.js';
import { expectPairs, meanOverPairs, type PairTerm } from './pair-mean.js';

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
  // Where others needed the Gram matrix of the rows, their distances came with it.
  const byGram = embedding.known(CENTRED_GRAM)?.distances ?? null;
  return (byGram ?? currentKernels().sumPairwiseDistances(data, rows, cols, embedding.centre)) / pairs;
}

/** Says that the mean distance over all pairs will be asked for, so that it comes with the Gram matrix of the rows. */
export function expectPairwiseDistance(embedding: WholeEmbedding, { pairwise }: PairSampling): void {
  if (pairsToDraw(pairwise, embedding.rows, embedding.cols) === null) expectDistances(embedding);
}

/** The same, from random pairs where `sampling` asks for fewer than all: the same pairs for every matrix of N rows. */
export function pairwiseDistance(
  embedding: WholeEmbedding,
  { pairwise, seed }: PairSampling,
): number | Estimated {
  const { rows, cols } = embedding;
  const pairs = pairsToDraw(pairwise, rows, cols);
  if (pairs === null) return meanPairwiseDistance(embedding.inMemory);
  expectPairs(embedding, pairs, seed);
  if (embedding.spread === 0) return 0;
  const { value, estimate } = meanOverPairs(embedding, DISTANCE, pairs, seed)!;
  const exponent = unitOfDifferences(embedding);
  return {
    value: timesPowerOfTwo(value, exponent),
    estimate: { ...estimate, standardError: timesPowerOfTwo(estimate.standardError, exponent) },
  };
}

/** Every row has a distance from every other: there are always as many pairs as were asked for. */
export const DISTANCE: PairTerm = {
  name: 'distance',
  vectors: ({ differenceForm }) => ({ data: differenceForm.data, has: null }),
  of: Math.sqrt,
  range: [0, Number.POSITIVE_INFINITY],
};
