import { CHANGE_COSINE } from '#numerics/matrix/row-pairs.js';
import { defineMetric } from '../define-metric.js';
import { needsContext } from '../needs-context.js';

/** Mean cosine between the predicted and the true change: a copy of the context gives 0. */
export const deltaCosMean = defineMetric({
  id: 'delta_cos_mean',
  title: 'Cosine of the predicted change',
  unit: 'unitless',
  collapse: 'low',
  range: '[-1, 1]',
  definition: 'mean over rows of cos(p_i − c_i, t_i − c_i), c the context embeddings',
  edge: 'null without a context; a row where either difference is 0 counts as 0',
  sees: ['copying'],
  detects: 'a predictor that copies its input, or changes it in the wrong direction',
  blindTo: 'the size of the change',
  source: 'this project',
  needsTarget: true,
  needsContext: true,
  needs: { step: [CHANGE_COSINE] },
  compute: (batch) => needsContext(batch, () => batch.get(CHANGE_COSINE).mean),
});
