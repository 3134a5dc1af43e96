import { MEAN_VARIANCE } from '#numerics/matrix/column-squares.js';
import { defineMetric } from '../define-metric.js';

/** Mean over dimensions of the predictions' population variance (ddof 0): [[1,0],[0,1]] gives 0.25. */
export const predVarPerDim = defineMetric({
  id: 'pred_var_per_dim',
  title: 'Prediction variance per dimension',
  unit: 'embedding units²',
  collapse: 'low',
  range: '[0, ∞)',
  definition: 'mean over dimensions of the population variance (ddof 0) of P',
  edge: 'one row gives 0; a constant dimension has variance exactly 0',
  sees: ['predictor collapse', 'complete collapse'],
  detects: 'predictor collapse, against the variance of the targets',
  blindTo: 'complete collapse of both sides together (the ratio stays near 1), and dimensional collapse',
  source: 'RFC-0005 section 3.6 (geno_lewm.training.collapse)',
  needsTarget: false,
  needs: { prediction: [MEAN_VARIANCE] },
  compute: (batch) => batch.prediction.get(MEAN_VARIANCE),
});
