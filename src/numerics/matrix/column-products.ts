import { currentKernels } from '#kernels/choose-kernels.js';
import type { Embedding } from './embedding.js';

const known = new WeakMap<Embedding, WeakMap<Embedding, Float64Array>>();

/**
 * Σ_i (a_ij − ā_j)(b_ij − b̄_j) of each dimension, [cols], about the means as they are rounded. Computed once for a
 * pair of embeddings; read it, never write to it. Where products over- or underflow, so do the sums.
 */
export function columnProducts(a: Embedding, b: Embedding): Float64Array {
  const before = known.get(a)?.get(b);
  if (before !== undefined) return before;
  const { rows, cols } = a;
  const pair = { x: a.matrix.data, y: b.matrix.data, rows, cols };
  const sums = currentKernels().columnProducts(pair, a.columnMeans, b.columnMeans);
  const ofA = known.get(a) ?? new WeakMap<Embedding, Float64Array>();
  known.set(a, ofA.set(b, sums));
  return sums;
}
