import { currentKernels } from '#kernels/choose-kernels.js';
import type { Rows } from './matrix-view.js';
import type { StepOwn } from './step-view.js';
import { SURVEY } from './survey.js';

/** Σ_i (p_ij − p̄_j)(t_ij − t̄_j) of each dimension, [cols], about the means as they are rounded. */
export const OWN_COLUMN_PRODUCTS: StepOwn<Float64Array> = {
  name: 'column products of some rows',
  of: ({ prediction, target }) => columnProducts(prediction, target!),
};

/** The same of any two. Where products over- or underflow, so do the sums. */
export function columnProducts(a: Rows, b: Rows): Float64Array {
  const { rows, cols } = a;
  const pair = { x: a.matrix.data, y: b.matrix.data, rows, cols };
  return currentKernels().columnProducts(pair, a.get(SURVEY).means, b.get(SURVEY).means);
}
