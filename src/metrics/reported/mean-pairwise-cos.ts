import { UNIT_MOMENTS } from '#numerics/matrix/unit-moments.js';
import { defineSideMetric } from '../define-side-metric.js';

/** Mean cosine over pairs of different rows: ±e₁, ±e₂ give −1/3, rows in one direction 1. */
export const meanPairwiseCos = defineSideMetric({
  name: 'mean_pairwise_cos',
  title: 'Mean pairwise cosine',
  unit: 'unitless',
  collapse: 'high',
  range: '[−1/(n − 1), 1]',
  definition: '(‖Σu‖² − n)/(n(n − 1)) over the n non-zero rows, u = row / norm',
  edge: 'null for fewer than two non-zero rows',
  sees: { pred: ['predictor collapse', 'complete collapse'], target: ['complete collapse'] },
  detects: 'a cone: rows that share one direction, and complete collapse away from the origin',
  blindTo: 'norms; clusters and low rank about the origin; an offset looks like collapse',
  source: 'anisotropy of Ethayarajh, arXiv 1909.00512',
  requires: 'two directions',
  needs: [UNIT_MOMENTS],
  compute: (embedding) => {
    const { rows: n, squares } = embedding.get(UNIT_MOMENTS).directed;
    // The same number as the definition's, without its cancellation near 1.
    return 1 - squares.reduce((sum, s) => sum + s, 0) / (n - 1);
  },
});
