import { EFFECTIVE_RANK } from '#numerics/spectra/spectrum.js';
import { defineSideMetric } from '../define-side-metric.js';

/** exp of the entropy of the singular values' shares, centred: three equal singular values give 3. */
export const effectiveRankOf = defineSideMetric({
  name: 'effective_rank',
  title: 'Effective rank',
  unit: 'unitless',
  collapse: 'low',
  range: '[1, min(N − 1, D)]',
  definition: 'exp(−Σ p ln p), p = σ/Σσ over the singular values σ of the centred matrix, 0·ln 0 = 0',
  edge: 'null for one row and for identical rows; σ below about 1e-7 of the largest count as 0',
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
