import { currentKernels } from '#kernels/choose-kernels.js';
import type { Embedding } from '../matrix/embedding.js';
import type { RowFold } from '../matrix/row-fold.js';
import type { WholeEmbedding } from '../matrix/whole-embedding.js';
import type { Gram } from '../spectra/gram.js';

/**
 * ln det(XᵀX/N + εI) of centred rows X that pass by once more, where the rounding of their Gram matrix G drowns ε:
 * shifted Cholesky QR (Fukaya et al., SIAM J. Sci. Comput. 42, 2020). With R the Cholesky factor of G/N + εI, shifted
 * by that rounding, the rows times R⁻¹ are nearly orthonormal, so that their Gram matrix, which is formed anew from
 * them, has all its digits: ln det = 2 Σ ln R_jj + ln det of it. null where G is not finite, or the smallest
 * eigenvalue still counts for nothing beside its rounding.
 */
export function logDetByBlocks(embedding: WholeEmbedding, gram: Gram, epsilon: number): number | null {
  const { cols, rows } = embedding;
  const factor = embedding.keyed('shifted factor', () => shiftedFactor(gram, rows, epsilon));
  if (factor === null) return null;
  const { data } = embedding.fold(
    embedding.keyed('orthonormal rows', () => gramOfRowsTimes(factor.inverse, cols)),
  );
  const second = data.map((x) => x / rows);
  addOwnGram(factor.inverse, cols, epsilon, second);
  const roots = currentKernels().choleskyDiagonal(second, cols, 1, 0);
  if (roots === null) return null;
  let logDet = 2 * factor.logDiagonal;
  for (const [i, root] of roots.entries()) {
    if (root * root < SMALLEST_PIVOT * second[i * cols + i]!) return null;
    logDet += 2 * Math.log(root);
  }
  return logDet;
}

/** Of a pivot beside its diagonal entry: below it, more than 1e-8 of it would be rounding. */
const SMALLEST_PIVOT = 1e-5;

interface Factor {
  /** R⁻¹ transposed, [cols, cols] row-major, lower triangular. */
  readonly inverse: Float64Array;
  /** Σ ln R_jj. */
  readonly logDiagonal: number;
}

function shiftedFactor({ data, order, exponent }: Gram, rows: number, epsilon: number): Factor | null {
  if (exponent !== 0) return null;
  const lower = data.map((x) => x / rows);
  let largest = 0;
  for (let i = 0; i < order; i++) largest = Math.max(largest, lower[i * order + i]!);
  // Eleven times the bound on the rounding of a Gram matrix and its factor, its sums being of blocks.
  const shift = 11 * 2 ** -53 * order * (order + 64) * largest;
  for (let i = 0; i < order; i++) lower[i * order + i] = lower[i * order + i]! + epsilon + shift;
  if (!Number.isFinite(largest) || !currentKernels().cholesky(lower, order)) return null;
  let logDiagonal = 0;
  for (let i = 0; i < order; i++) logDiagonal += Math.log(lower[i * order + i]!);
  return { inverse: inverseOfLower(lower, order), logDiagonal };
}

function inverseOfLower(lower: Float64Array, order: number): Float64Array {
  const inverse = new Float64Array(order * order);
  for (let i = 0; i < order; i++) {
    const pivot = lower[i * order + i]!;
    inverse[i * order + i] = 1 / pivot;
    for (let k = 0; k < i; k++) {
      const factor = lower[i * order + k]! / pivot;
      for (let j = 0; j <= k; j++) {
        const at = i * order + j;
        inverse[at] = inverse[at]! - factor * inverse[k * order + j]!;
      }
    }
  }
  return inverse;
}

function gramOfRowsTimes(inverse: Float64Array, cols: number): RowFold<Embedding, { data: Float64Array }> {
  return {
    part: ({ centred, rows }) => {
      const product = new Float64Array(rows * cols);
      const { rowProducts, gramOfColumns } = currentKernels();
      rowProducts({ x: centred, xRows: rows, y: inverse, yRows: cols, cols }, product);
      const data = new Float64Array(cols * cols);
      gramOfColumns(product, rows, cols, data);
      return { data };
    },
    join: (a, b) => {
      for (let k = 0; k < a.data.length; k++) a.data[k] = a.data[k]! + b.data[k]!;
      return a;
    },
  };
}

/** Adds ε L⁻¹ L⁻ᵀ, what the rows of √ε I become, to the lower triangle of `out`. */
function addOwnGram(inverse: Float64Array, cols: number, epsilon: number, out: Float64Array): void {
  const own = new Float64Array(cols * cols);
  currentKernels().gram(inverse, cols, cols, own);
  for (let k = 0; k < own.length; k++) out[k] = out[k]! + epsilon * own[k]!;
}
