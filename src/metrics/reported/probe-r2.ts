import { probeR2 } from '#numerics/rows/probe.js';
import { defineSideMetric } from '../define-side-metric.js';
import { orReason } from '../or-reason.js';

const R2 = { prediction: probeR2('prediction'), target: probeR2('target') };

/** Whether a linear probe reads the labels: a constant embedding gives about 0. */
export const probeR2Of = defineSideMetric({
  name: 'probe_r2',
  title: 'R² of a linear probe for the labels',
  unit: 'unitless',
  collapse: 'low',
  range: '(-∞, 1]',
  definition:
    'R² of a ridge, penalty 0.01 Σ‖x − x̄‖²/D, from ⌈M/2⌉ seeded random rows to the other rows of M = min(N, 4096); a mean over factors, of classes pooled over their indicators',
  edge: 'null without a label array, for fewer than 8 rows, for one label, for more than 256 classes; above 4096 rows M seeded random ones are taken; below 0 where the probe fits noise',
  sees: {
    pred: ['predictor collapse', 'complete collapse'],
    target: ['complete collapse', 'dimensional collapse'],
  },
  detects: 'whether the labels can be read linearly, whatever scale and rank',
  blindTo:
    'what the labels do not name, and what is there but not linear; few rows beside many dimensions lower it',
  source: 'linear probes (Alain & Bengio, arXiv 1610.01644) by ridge regression (Hoerl & Kennard 1970)',
  dependsOnRows: true,
  needsOfRows: 'label',
  requires: 'two rows',
  needs: [],
  stepNeeds: (side) => [R2[side]],
  compute: (embedding, batch) => orReason(batch.get(R2[embedding.role as 'prediction' | 'target'])),
});
