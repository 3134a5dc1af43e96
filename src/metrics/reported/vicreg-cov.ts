import { timesPowerOfTwo } from '#numerics/floating/power-of-two.js';
import { COLUMN_SQUARES } from '#numerics/matrix/column-squares.js';
import type { MatrixDerived, MatrixView } from '#numerics/matrix/matrix-view.js';
import { CENTRED_COLUMN_GRAM, CENTRED_GRAM } from '#numerics/spectra/gram.js';
import { defineSideMetric } from '../define-side-metric.js';

const SUM_OF_COVARIANCES: MatrixDerived<number> = {
  name: 'squares of the covariances',
  needs: [],
  alsoNeeds: (view) => (view.rows < view.cols ? [CENTRED_GRAM, COLUMN_SQUARES] : [gramOf(view)]),
  from: (view) => {
    const { rows, cols } = view;
    const { data, order, exponent } = view.get(gramOf(view));
    let offDiagonal = 0;
    for (let i = 0; i < order; i++) {
      for (let j = 0; j < i; j++) offDiagonal += data[i * order + j]! ** 2;
    }
    offDiagonal *= 2;
    if (rows < cols) {
      // ‖XXᵀ‖ = ‖XᵀX‖ (Frobenius): what the dual's diagonal and the dimensions' own variances leave.
      for (let i = 0; i < order; i++) offDiagonal += data[i * order + i]! ** 2;
      for (const s of view.get(COLUMN_SQUARES).sums) offDiagonal -= s * s;
    }
    const covariance = Math.max(0, offDiagonal) / (rows - 1) ** 2 / cols;
    return timesPowerOfTwo(covariance, 4 * exponent);
  },
};

/** Of a square matrix the dual is no smaller, and would take what is wanted as a small difference. */
function gramOf({ rows, cols, rowsInMemory }: MatrixView) {
  return rows === cols && rowsInMemory !== null ? CENTRED_COLUMN_GRAM : CENTRED_GRAM;
}

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
  dependsOnRows: true,
  requires: 'two rows',
  needs: [SUM_OF_COVARIANCES],
  compute: (embedding) => embedding.get(SUM_OF_COVARIANCES),
});
