import { EFFECTIVE_RANK } from '#numerics/spectra/effective-rank.js';
import { isotropicEffectiveRank } from '#numerics/spectra/marchenko-pastur.js';
import { defineSideMetric } from '../define-side-metric.js';

/** Effective rank as a share of what N(0, I) of the same N and D shows: isotropic batches of any size give 1. */
export const effectiveRankRatio = defineSideMetric({
  name: 'effective_rank_ratio',
  title: 'Effective rank against isotropic',
  unit: 'unitless',
  collapse: 'low',
  range: '(0, ∞)',
  definition:
    'effective_rank / the effective rank of an isotropic Gaussian batch of the same N and D (Marchenko–Pastur law, n = N − 1)',
  edge: 'null for one row and for identical rows; the yardstick holds within 1.5 % from N = 16 on',
  sees: { pred: ['dimensional collapse', 'predictor collapse'], target: ['dimensional collapse'] },
  detects: 'dimensional collapse, whatever the batch size',
  blindTo: 'scale; a healthy encoder may use few directions, so judge it against its own earlier value',
  source: 'this project; the yardstick is Marchenko & Pastur 1967',
  requires: 'different rows',
  needs: [EFFECTIVE_RANK],
  compute: (embedding) =>
    embedding.get(EFFECTIVE_RANK) / isotropicEffectiveRank(embedding.rows, embedding.cols),
});
