import { SURVEY } from '#numerics/matrix/survey.js';
import { RANKME } from '#numerics/spectra/effective-rank.js';
import { defineSideMetric } from '../define-side-metric.js';

/**
 * RankMe as published: on singular values and uncentred. randn(1000, 1024) gives about 813, not the 613 of variants on
 * eigenvalues.
 */
export const rankme = defineSideMetric({
  name: 'rankme',
  title: 'RankMe',
  unit: 'unitless',
  collapse: 'low',
  range: '[1, min(N, D)·(1 + 2e-5)]',
  definition:
    'exp(−Σ p ln p), p = σ/‖σ‖₁ + 1e-7 over the min(N, D) singular values σ of the uncentred matrix',
  edge: 'null for one row and for a matrix of zeros; identical rows give 1 up to the 1e-7 in p; exact as effective_rank is',
  sees: { pred: ['dimensional collapse', 'predictor collapse'], target: ['dimensional collapse'] },
  detects: 'dimensional collapse, and a mean that outgrows the variation',
  blindTo: 'scale; loss of rank beneath a large common offset, which is one direction of its own',
  source: 'Garrido et al., RankMe, arXiv 2210.02885, equation 1',
  dependsOnRows: true,
  requires: 'two rows',
  needs: [RANKME],
  compute: (embedding) => {
    const { lowest, highest } = embedding.get(SURVEY);
    return lowest === 0 && highest === 0 ? { unavailable: 'every entry is 0' } : embedding.get(RANKME);
  },
});
