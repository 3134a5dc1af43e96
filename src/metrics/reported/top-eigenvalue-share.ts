import { CENTRED_SPECTRUM } from '#numerics/spectra/spectrum.js';
import { defineSideMetric } from '../define-side-metric.js';

/** λ₁/Σλ: 1 where everything lies on one line, 1/k for k equal eigenvalues. */
export const topEigenvalueShare = defineSideMetric({
  name: 'top_eigenvalue_share',
  title: 'Top eigenvalue share',
  unit: 'unitless',
  collapse: 'high',
  range: '[1/min(N − 1, D), 1]',
  definition: 'λ₁/Σλ, the share of the variance along the first principal direction',
  edge: 'null for one row and for identical rows',
  sees: { pred: ['dimensional collapse', 'predictor collapse'], target: ['dimensional collapse'] },
  detects: 'one direction taking over',
  blindTo: 'scale, and loss of rank behind the first direction',
  source: 'share of explained variance of principal component analysis',
  dependsOnRows: true,
  requires: 'different rows',
  needs: [CENTRED_SPECTRUM],
  compute: (embedding) => {
    const { eigenvalues } = embedding.get(CENTRED_SPECTRUM);
    return eigenvalues[0]! / eigenvalues.reduce((sum, x) => sum + x, 0);
  },
});
