import { POSITION_ROW_COSINE } from '#numerics/positions/position-cosine.js';
import { GROUPED_NEEDS, grouped } from '../between-samples.js';
import { defineMetric } from '../define-metric.js';
import { needsTarget } from '../needs-target.js';

/** pred_cos_centered_mean after each position has lost its own mean: a predictor of the position alone gives 0. */
export const predCosPositionCenteredMean = defineMetric({
  id: 'pred_cos_position_centered_mean',
  title: 'Prediction–target cosine, centred by position',
  unit: 'unitless',
  collapse: 'low',
  range: '[-1, 1]',
  definition:
    'of [samples, positions, dims]: mean over rows of cos(p − mean of its position, t − mean of its position)',
  edge: 'null as target_sample_variance_share is; a row where either norm is 0 counts as 0',
  sees: ['predictor collapse', 'positional collapse'],
  detects: 'predictions unrelated to what their targets have beyond the position',
  blindTo: 'scale; low rank that both sides share',
  source: 'this project',
  needsTarget: true,
  needs: { prediction: GROUPED_NEEDS, target: GROUPED_NEEDS, step: [POSITION_ROW_COSINE] },
  compute: (batch) =>
    needsTarget(batch, (target, prediction) => {
      if (target.rows < 2) return { unavailable: 'needs two rows' };
      for (const groups of [grouped(prediction), grouped(target)]) {
        if ('unavailable' in groups) return groups;
      }
      return batch.get(POSITION_ROW_COSINE).mean;
    }),
});
