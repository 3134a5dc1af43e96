import { CENTRED_SPECTRUM } from '#numerics/spectra/spectrum.js';
import { defineSideMetric } from '../define-side-metric.js';

/** Σσ²/σ₁²: k equal singular values give k. */
export const stableRank = defineSideMetric({
  name: 'stable_rank',
  title: 'Stable rank',
  unit: 'unitless',
  collapse: 'low',
  range: '[1, min(N − 1, D)]',
  definition:
    'Σσ²/σ₁² over the singular values of the centred matrix (the reciprocal of top_eigenvalue_share)',
  edge: 'null for one row and for identical rows',
  sees: { pred: ['dimensional collapse', 'predictor collapse'], target: ['dimensional collapse'] },
  detects: 'one direction taking over',
  blindTo: 'scale, and everything but the largest direction',
  source: 'NESum: He & Ozay, arXiv 2305.16562',
  dependsOnRows: true,
  requires: 'different rows',
  needs: [CENTRED_SPECTRUM],
  compute: (embedding) => {
    const { eigenvalues } = embedding.get(CENTRED_SPECTRUM);
    return eigenvalues.reduce((sum, x) => sum + x, 0) / eigenvalues[0]!;
  },
});
