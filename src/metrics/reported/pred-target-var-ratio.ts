import { CENTRED_SQUARES, quotient } from '#numerics/matrix/scaled-squares.js';
import { SURVEY } from '#numerics/matrix/survey.js';
import { defineMetric } from '../define-metric.js';
import { needsTarget } from '../needs-target.js';

/** pred_var_per_dim / target_var_per_dim: [[1,0],[0,1]] against [[1,0],[1,1]] gives 2. */
export const predTargetVarRatio = defineMetric({
  id: 'pred_target_var_ratio',
  title: 'Prediction variance against target variance',
  unit: 'unitless',
  collapse: 'low',
  range: '[0, ∞)',
  definition: 'pred_var_per_dim / target_var_per_dim',
  edge: 'null for constant targets and for one row; a constant prediction gives 0',
  sees: ['predictor collapse', 'complete collapse'],
  detects: 'predictor collapse; a value below 1 by itself is only an uncertain predictor',
  blindTo: 'both sides collapsing together, and dimensional collapse',
  source: "this project; the quantity of RFC-0005's first criterion",
  needsTarget: true,
  needs: { prediction: [CENTRED_SQUARES], target: [CENTRED_SQUARES] },
  compute: (batch) =>
    needsTarget(batch, (target, prediction) => {
      if (target.rows < 2) return { unavailable: 'needs two rows' };
      if (target.get(SURVEY).spread === 0) return { unavailable: 'the targets are constant' };
      return quotient(prediction.get(CENTRED_SQUARES), target.get(CENTRED_SQUARES));
    }),
});
