import { ROW_DISTANCE } from '#numerics/matrix/row-pairs.js';
import { defineMetric } from '../define-metric.js';
import { needsTarget } from '../needs-target.js';

/** Mean over rows of ‖p_i − t_i‖₂: [[1,0],[0,1]] against [[1,0],[1,1]] gives 0.5. */
export const predL2Mean = defineMetric({
  id: 'pred_l2_mean',
  title: 'Prediction–target distance',
  unit: 'embedding units',
  collapse: null,
  range: '[0, ∞)',
  definition: 'mean over rows of ‖p_i − t_i‖₂',
  edge: '0 for equal matrices',
  sees: ['predictor collapse', 'complete collapse'],
  detects: 'predictions far from their targets',
  blindTo: 'complete collapse: it falls to 0 as both shrink',
  source: 'RFC-0005 section 3.6 (geno_lewm.training.collapse)',
  needsTarget: true,
  needs: { step: [ROW_DISTANCE] },
  compute: (batch) => needsTarget(batch, () => batch.get(ROW_DISTANCE).mean),
});
