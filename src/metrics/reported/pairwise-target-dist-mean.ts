import { PAIRWISE_DISTANCE } from '#numerics/pairs/pairwise.js';
import { defineMetric } from '../define-metric.js';
import { needsTarget } from '../needs-target.js';

/** Mean over the N(N−1)/2 pairs i < j of ‖t_i − t_j‖₂: [[1,0],[0,1]] gives √2. */
export const pairwiseTargetDistMean = defineMetric({
  id: 'pairwise_target_dist_mean',
  title: 'Mean pairwise distance of targets',
  unit: 'embedding units',
  collapse: 'low',
  range: '[0, ∞)',
  definition: 'mean over the N(N−1)/2 pairs i < j of ‖t_i − t_j‖₂',
  edge: 'one row gives 0; identical rows give exactly 0; above N(N−1)/2·D = 4e10 an estimate: of 1e6 random pairs, or 2A − B, B of 1e6 pairs in a random pool of rows and A of every row with the pool',
  sees: ['complete collapse'],
  detects: 'complete collapse of the target encoder, against its own first value',
  blindTo: 'dimensional collapse at an unchanged scale',
  source: "this project; the prediction's is RFC-0005's, section 3.6",
  needsTarget: true,
  needs: { target: [PAIRWISE_DISTANCE] },
  compute: (batch) => needsTarget(batch, (target) => target.get(PAIRWISE_DISTANCE)),
});
