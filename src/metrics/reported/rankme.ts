import { RAW_SPECTRUM } from '#numerics/spectra/spectrum.js';
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
  edge: 'null for one row and for a matrix of zeros; identical rows give 1 up to the 1e-7 in p',
  sees: { pred: ['dimensional collapse', 'predictor collapse'], target: ['dimensional collapse'] },
  detects: 'dimensional collapse, and a mean that outgrows the variation',
  blindTo: 'scale; loss of rank beneath a large common offset, which is one direction of its own',
  source: 'Garrido et al., RankMe, arXiv 2210.02885, equation 1',
  dependsOnRows: true,
  requires: 'two rows',
  needs: [RAW_SPECTRUM],
  compute: (embedding) => {
    const singular = embedding.get(RAW_SPECTRUM).eigenvalues.map(Math.sqrt);
    const total = singular.reduce((sum, s) => sum + s, 0);
    if (total === 0) return { unavailable: 'every entry is 0' };
    let entropy = 0;
    for (const s of singular) {
      const p = s / total + 1e-7;
      entropy -= p * Math.log(p);
    }
    return Math.exp(entropy);
  },
});
