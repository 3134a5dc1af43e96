import { currentKernels } from '#kernels/choose-kernels.js';
import { ABOUT_MEANS, CENTRED } from '../matrix/column-moments.js';
import type { MatrixDerived, MatrixFold } from '../matrix/matrix-view.js';
import { CENTRED_GRAM, type Gram, sumOfGrams } from '../spectra/gram.js';

/**
 * ln det(XᵀX/N + εI) of centred rows X that pass by once more, where the rounding of their Gram matrix G drowns ε:
 * shifted Cholesky QR (Fukaya et al., SIAM J. Sci. Comput. 42, 2020). With R the Cholesky factor of G/N + εI, shifted
 * by that rounding, the rows times R⁻¹ are nearly orthonormal, so that their Gram matrix, which is formed anew from
 * them, has all its digits: ln det = 2 Σ ln R_jj + ln det of it. null where G is not finite, or the smallest
 * eigenvalue still counts for nothing beside its rounding.
 */
export function logDetByBlocks(epsilon: number): MatrixDerived<number | null> {
  const factor: MatrixDerived<Factor | null> = {
    name: 'shifted factor',
    needs: [CENTRED_GRAM],
    from: (view) => shiftedFactor(view.get(CENTRED_GRAM), view.rows, epsilon),
  };
  const gram: MatrixFold<Gram> = {
    name: 'Gram matrix of the orthonormal rows',
    needs: [...ABOUT_MEANS, factor],
    part: (view) => {
      const { rows, cols } = view;
      const product = new Float64Array(rows * cols);
      const data = new Float64Array(cols * cols);
      const { rowProducts, gramOfColumns } = currentKernels();
      const y = view.get(factor)!.inverse;
      rowProducts({ x: view.own(CENTRED), xRows: rows, y, yRows: cols, cols }, product);
      gramOfColumns(product, rows, cols, data);
      return { data, order: cols, exponent: 0 };
    },
    join: sumOfGrams,
  };
  return {
    name: 'determinant by blocks',
    needs: [factor],
    thenNeeds: (view) => (view.get(factor) === null ? [] : [gram]),
    from: (view) => {
      const { cols, rows } = view;
      const found = view.get(factor);
      if (found === null) return null;
      const second = view.get(gram).data.map((x) => x / rows);
      addOwnGram(found.inverse, cols, epsilon, second);
      const roots = currentKernels().choleskyDiagonal(second, cols, 1, 0);
      if (roots === null) return null;
      let logDet = 2 * found.logDiagonal;
      for (const [i, root] of roots.entries()) {
        if (root * root < SMALLEST_PIVOT * second[i * cols + i]!) return null;
        logDet += 2 * Math.log(root);
      }
      return logDet;
    },
  };
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

/** Adds ε L⁻¹ L⁻ᵀ, what the rows of √ε I become, to the lower triangle of `out`. */
function addOwnGram(inverse: Float64Array, cols: number, epsilon: number, out: Float64Array): void {
  const own = new Float64Array(cols * cols);
  currentKernels().gram(inverse, cols, cols, own);
  for (let k = 0; k < own.length; k++) out[k] = out[k]! + epsilon * own[k]!;
}
