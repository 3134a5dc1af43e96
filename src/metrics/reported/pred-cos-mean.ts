import { ROW_COSINE } from '#numerics/matrix/row-pairs.js';
import { defineMetric } from '../define-metric.js';
import { needsTarget } from '../needs-target.js';

/** Mean over rows of cos(p_i, t_i): [[1,0],[0,1]] against [[1,0],[1,1]] gives (1 + 1/√2)/2. */
export const predCosMean = defineMetric({
  id: 'pred_cos_mean',
  title: 'Prediction–target cosine',
  unit: 'unitless',
  collapse: null,
  range: '[-1, 1]',
  definition: 'mean over rows of cos(p_i, t_i)',
  edge: 'a row where either vector has norm 0 counts as 0',
  sees: ['predictor collapse', 'complete collapse'],
  detects: 'predictions pointing away from their targets',
  blindTo: 'a constant predictor when the targets share an offset (it reads 0.995 at an offset of 10)',
  source: 'RFC-0005 section 3.6 (geno_lewm.training.collapse)',
  needsTarget: true,
  needs: { step: [ROW_COSINE] },
  compute: (batch) => needsTarget(batch, () => batch.get(ROW_COSINE).mean),
});
