import { currentKernels } from '../kernels/choose-kernels.js';
import type { Kernels } from '../kernels/kernels.js';
import type { Embedding } from './embedding.js';
import { timesPowerOfTwo } from './power-of-two.js';

/**
 * The mean over the N(N−1)/2 pairs i < j of ‖x_i − x_j‖₂: exactly 0 for one row and for identical rows,
 * Infinity if it overflows.
 */
export function meanPairwiseDistance(embedding: Embedding, kernels: Kernels = currentKernels()): number {
  const { rows, cols } = embedding;
  if (rows < 2 || embedding.spread === 0) return 0;
  const { data, exponent } = embedding.differenceForm;
  const mean =
    kernels.sumPairwiseDistances(data, rows, cols, exponent === 0 ? embedding.columnMeans : undefined) /
    ((rows * (rows - 1)) / 2);
  return exponent === 0 ? mean : timesPowerOfTwo(mean, exponent);
}
