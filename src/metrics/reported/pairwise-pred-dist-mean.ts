import { PAIRWISE_DISTANCE } from '#numerics/pairs/pairwise.js';
import { defineMetric } from '../define-metric.js';

/** Mean over the N(N−1)/2 pairs i < j of ‖p_i − p_j‖₂: [[1,0],[0,1]] gives √2. */
export const pairwisePredDistMean = defineMetric({
  id: 'pairwise_pred_dist_mean',
  title: 'Mean pairwise distance of predictions',
  unit: 'embedding units',
  collapse: 'low',
  range: '[0, ∞)',
  definition: 'mean over the N(N−1)/2 pairs i < j of ‖p_i − p_j‖₂',
  edge: 'one row gives 0; identical rows give exactly 0; above N(N−1)/2·D = 4e10 an estimate: of 1e6 random pairs, or 2A − B, B of 1e6 pairs in a random pool of rows and A of every row with the pool',
  sees: ['predictor collapse', 'complete collapse'],
  detects: 'complete and predictor collapse, against its own first value',
  blindTo: 'dimensional collapse at an unchanged scale',
  source: 'RFC-0005 section 3.6 (geno_lewm.training.collapse)',
  needsTarget: false,
  needs: { prediction: [PAIRWISE_DISTANCE] },
  compute: (batch) => batch.prediction.get(PAIRWISE_DISTANCE),
});
