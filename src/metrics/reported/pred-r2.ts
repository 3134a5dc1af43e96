import { CENTRED_SQUARES, MISS_SQUARES, quotient } from '#numerics/matrix/scaled-squares.js';
import { SURVEY } from '#numerics/matrix/survey.js';
import { defineMetric } from '../define-metric.js';
import { needsTarget } from '../needs-target.js';

/** 1 − Σ‖p − t‖²/Σ‖t − t̄‖²: a perfect prediction gives 1, the targets' mean 0. */
export const predR2 = defineMetric({
  id: 'pred_r2',
  title: 'Coefficient of determination of the prediction',
  unit: 'unitless',
  collapse: 'low',
  range: '(-∞, 1]',
  definition: '1 − Σ‖p_i − t_i‖² / Σ‖t_i − t̄‖², t̄ the mean target',
  edge: 'null for constant targets and for one row',
  sees: ['predictor collapse', 'complete collapse'],
  detects: 'predictor collapse: a constant predictor scores 0 or less',
  blindTo: 'collapse of the targets, which makes prediction easy',
  source: 'coefficient of determination, pooled over dimensions',
  needsTarget: true,
  needs: { target: [CENTRED_SQUARES], step: [MISS_SQUARES] },
  compute: (batch) =>
    needsTarget(batch, (target) => {
      if (target.rows < 2) return { unavailable: 'needs two rows' };
      if (target.get(SURVEY).spread === 0) return { unavailable: 'the targets are constant' };
      return 1 - quotient(batch.get(MISS_SQUARES), target.get(CENTRED_SQUARES));
    }),
});
