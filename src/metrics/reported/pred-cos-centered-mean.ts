import { CENTRED_ROW_COSINE } from '#numerics/matrix/row-pairs.js';
import { defineMetric } from '../define-metric.js';
import { needsTarget } from '../needs-target.js';

/** pred_cos_mean after each matrix has lost its column mean: a constant predictor gives 0. */
export const predCosCenteredMean = defineMetric({
  id: 'pred_cos_centered_mean',
  title: 'Centred prediction–target cosine',
  unit: 'unitless',
  collapse: 'low',
  range: '[-1, 1]',
  definition: 'mean over rows of cos(p_i − p̄, t_i − t̄), each matrix about its own column mean',
  edge: 'a row where either norm is 0 counts as 0; null for one row',
  sees: ['predictor collapse', 'complete collapse'],
  detects: 'predictions unrelated to their targets, whatever offset they share',
  blindTo: 'scale; low rank that both sides share',
  source: 'this project; pred_cos_mean of RFC-0005 section 3.6, centred',
  needsTarget: true,
  needs: { step: [CENTRED_ROW_COSINE] },
  compute: (batch) =>
    needsTarget(batch, ({ rows }) =>
      rows < 2 ? { unavailable: 'needs two rows' } : batch.get(CENTRED_ROW_COSINE).mean,
    ),
});
