import { MEAN_VARIANCE } from '#numerics/matrix/column-squares.js';
import { defineMetric } from '../define-metric.js';
import { needsTarget } from '../needs-target.js';

/** Mean over dimensions of the targets' population variance (ddof 0): [[1,0],[1,1]] gives 0.125. */
export const targetVarPerDim = defineMetric({
  id: 'target_var_per_dim',
  title: 'Target variance per dimension',
  unit: 'embedding units²',
  collapse: 'low',
  range: '[0, ∞)',
  definition: 'mean over dimensions of the population variance (ddof 0) of T',
  edge: 'one row gives 0; a constant dimension has variance exactly 0',
  sees: ['complete collapse', 'explosion'],
  detects: 'complete collapse of the target encoder, against its own earlier value',
  blindTo: 'dimensional collapse: one wide dimension keeps the mean up',
  source: 'RFC-0005 section 3.6 (geno_lewm.training.collapse)',
  needsTarget: true,
  of: 'target',
  needs: { target: [MEAN_VARIANCE] },
  compute: (batch) => needsTarget(batch, (target) => target.get(MEAN_VARIANCE)),
});
