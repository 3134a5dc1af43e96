import { COLUMN_PRODUCTS, meanPearsonPerDim } from '#numerics/matrix/pearson-per-dim.js';
import { defineMetric } from '../define-metric.js';
import { needsTarget } from '../needs-target.js';

/** The Pearson correlation of each dimension, averaged: [[1,0],[0,1]] against [[1,0],[1,1]] gives (0 + 1)/2. */
export const predTargetCorrPerDim = defineMetric({
  id: 'pred_target_corr_per_dim',
  title: 'Prediction–target correlation per dimension',
  unit: 'unitless',
  collapse: 'low',
  range: '[-1, 1]',
  definition: 'mean over dimensions of the Pearson correlation of the two columns',
  edge: 'a dimension constant on either side counts 0; null for one row',
  sees: ['predictor collapse', 'complete collapse'],
  detects: 'predictions unrelated to their targets; not blind to offsets as pred_target_corr is',
  blindTo: 'scale; low rank that both sides share',
  source: 'the wording of RFC-0005 section 3.6 (per dimension)',
  needsTarget: true,
  needs: { step: [COLUMN_PRODUCTS] },
  compute: (batch) =>
    needsTarget(batch, ({ rows }) =>
      rows < 2 ? { unavailable: 'needs two rows' } : meanPearsonPerDim(batch),
    ),
});
