import { FLATTENED_PEARSON } from '#numerics/matrix/pearson.js';
import { defineMetric } from '../define-metric.js';
import { needsTarget } from '../needs-target.js';

/** Pearson correlation of the flattened matrices: [[1,0],[0,1]] against [[1,0],[1,1]] gives 1/√3. */
export const predTargetCorr = defineMetric({
  id: 'pred_target_corr',
  title: 'Prediction–target correlation',
  unit: 'unitless',
  collapse: 'low',
  range: '[-1, 1]',
  definition: 'Pearson correlation of the flattened matrices',
  edge: '0 if either matrix is constant',
  sees: ['predictor collapse', 'complete collapse'],
  detects: 'predictions unrelated to their targets',
  blindTo: 'a constant predictor when the dimensions have different means',
  source: 'RFC-0005 section 3.6 (geno_lewm.training.collapse)',
  needsTarget: true,
  needs: { step: [FLATTENED_PEARSON] },
  compute: (batch) => needsTarget(batch, () => batch.get(FLATTENED_PEARSON)),
});
