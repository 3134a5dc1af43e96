import { currentKernels } from '../kernels/choose-kernels.js';
import type { Embedding } from './embedding.js';

const known = new WeakMap<Embedding, WeakMap<Embedding, Float64Array>>();

/**
 * Σ_i (a_ij − ā_j)(b_ij − b̄_j) of each dimension, [cols], corrected for the rounding of the means. Computed once for
 * a pair of embeddings; read it, never write to it. Where products over- or underflow, so do the sums.
 */
export function centredColumnProducts(a: Embedding, b: Embedding): Float64Array {
  const before = known.get(a)?.get(b);
  if (before !== undefined) return before;
  const { rows, cols } = a;
  const pair = { x: a.matrix.data, y: b.matrix.data, rows, cols };
  const { mean: aMean, residual: aResidual } = a.centre;
  const { mean: bMean, residual: bResidual } = b.centre;
  const sums = currentKernels().columnProducts(pair, aMean, bMean);
  for (let j = 0; j < cols; j++) sums[j] = sums[j]! - rows * aResidual[j]! * bResidual[j]!;
  const ofA = known.get(a) ?? new WeakMap<Embedding, Float64Array>();
  known.set(a, ofA.set(b, sums));
  return sums;
}
