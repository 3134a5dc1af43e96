import { quotient } from '#numerics/matrix/scaled-squares.js';
import { GROUPED_NEEDS, grouped } from '../between-samples.js';
import { defineMetric } from '../define-metric.js';
import { needsTarget } from '../needs-target.js';

/** pred_target_var_ratio position by position: a predictor that knows the position and nothing else gives 0. */
export const predTargetSampleVarRatio = defineMetric({
  id: 'pred_target_sample_var_ratio',
  title: 'Prediction variance between samples against target variance',
  unit: 'unitless',
  collapse: 'low',
  range: '[0, ∞)',
  definition:
    'of [samples, positions, dims]: Σ‖p − mean of its position‖² / Σ‖t − mean of its position‖² over the rows that a mask keeps',
  edge: 'null as target_sample_variance_share is, and where no position of the target varies between samples',
  sees: ['predictor collapse', 'positional collapse'],
  detects: 'a predictor that gives the mean of each position, which over all rows looks alive',
  blindTo: 'both sides collapsing together; a cosine loss leaves the scale free',
  source: 'this project',
  needsTarget: true,
  needs: { prediction: GROUPED_NEEDS, target: GROUPED_NEEDS },
  compute: (batch) =>
    needsTarget(batch, (target, prediction) => {
      if (target.rows < 2) return { unavailable: 'needs two rows' };
      const [p, t] = [grouped(prediction), grouped(target)];
      if ('unavailable' in p) return p;
      if ('unavailable' in t) return t;
      if (t.byPosition.squares === 0) return { unavailable: 'no position of the targets varies' };
      const [own, other] = [p, t].map(({ byPosition }) => ({ value: byPosition.squares, exponent: 0 }));
      return quotient(own!, other!);
    }),
});
