import { timesPowerOfTwo } from '#numerics/floating/power-of-two.js';
import { COLUMN_SQUARES } from '#numerics/matrix/column-squares.js';
import { CENTRED_COLUMN_GRAM, CENTRED_GRAM } from '#numerics/spectra/gram.js';
import { defineSideMetric } from '../define-side-metric.js';

/**
 * Σ_{i≠j} C_ij²/D with the covariance C (ddof 1): 0 for uncorrelated dimensions, (D − 1)/(N − 1) expected of N(0, I).
 */
export const vicregCov = defineSideMetric({
  name: 'vicreg_cov',
  title: 'VICReg covariance term',
  unit: 'embedding units⁴',
  collapse: 'high',
  range: '[0, ∞)',
  definition: 'Σ_{i≠j} C_ij² / D with the covariance C, ddof 1',
  edge: 'null for one row; one dimension gives 0',
  sees: { pred: ['dimensional collapse', 'predictor collapse'], target: ['dimensional collapse'] },
  detects: 'redundant dimensions, at a scale that is held fixed',
  blindTo: 'complete collapse, which takes it to 0; it grows with the fourth power of the scale',
  source: 'Bardes et al., VICReg, arXiv 2105.04906, equation 4',
  needs: 'two rows',
  compute: (embedding) => {
    const { rows, cols } = embedding;
    // Of a square matrix the dual is no smaller, and would take what is wanted as a small difference.
    const isSquare = rows === cols && embedding.isInMemory;
    const { data, order, exponent } = embedding.fold(isSquare ? CENTRED_COLUMN_GRAM : CENTRED_GRAM);
    let offDiagonal = 0;
    for (let i = 0; i < order; i++) {
      for (let j = 0; j < i; j++) offDiagonal += data[i * order + j]! ** 2;
    }
    offDiagonal *= 2;
    if (rows < cols) {
      // ‖XXᵀ‖ = ‖XᵀX‖ (Frobenius): what the dual's diagonal and the dimensions' own variances leave.
      for (let i = 0; i < order; i++) offDiagonal += data[i * order + i]! ** 2;
      for (const s of embedding.fold(COLUMN_SQUARES).sums) offDiagonal -= s * s;
    }
    const covariance = Math.max(0, offDiagonal) / (rows - 1) ** 2 / cols;
    return timesPowerOfTwo(covariance, 4 * exponent);
  },
});
