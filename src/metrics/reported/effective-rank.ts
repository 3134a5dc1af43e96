import { EFFECTIVE_RANK } from '#numerics/spectra/effective-rank.js';
import { defineSideMetric } from '../define-side-metric.js';

/** exp of the entropy of the singular values' shares, centred: three equal singular values give 3. */
export const effectiveRankOf = defineSideMetric({
  name: 'effective_rank',
  title: 'Effective rank',
  unit: 'unitless',
  collapse: 'low',
  range: '[1, min(N − 1, D)]',
  definition: 'exp(−Σ p ln p), p = σ/Σσ over the singular values σ of the centred matrix, 0·ln 0 = 0',
  edge: 'null for one row and for identical rows; within 1e-9 of the value of exact arithmetic: where the Gram matrix may lack the digits of small σ, a QR of the matrix itself has them',
  sees: { pred: ['dimensional collapse', 'predictor collapse'], target: ['dimensional collapse'] },
  detects: 'dimensional collapse',
  blindTo:
    'scale; and it grows with N at a fixed distribution, so compare equal sizes or take effective_rank_ratio',
  source: 'Roy & Vetterli, The effective rank, EUSIPCO 2007',
  dependsOnRows: true,
  requires: 'different rows',
  needs: [EFFECTIVE_RANK],
  compute: (embedding) => embedding.get(EFFECTIVE_RANK),
});
