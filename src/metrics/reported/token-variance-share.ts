import { SHARE_NEEDS, shareWithin } from '../between-samples.js';
import { defineSideMetric } from '../define-side-metric.js';

/** The share of the variance that lies within a sample: tokens that are all alike give 0. */
export const tokenVarianceShare = defineSideMetric({
  name: 'token_variance_share',
  title: 'Variance within a sample, share',
  unit: 'unitless',
  collapse: 'low',
  range: '[0, 1]',
  definition:
    'of [samples, positions, dims]: Σ‖x − mean of its sample‖² / Σ‖x − grand mean‖² over the rows that a mask keeps (ddof 0)',
  edge: 'null for two axes, for fewer than 8 samples, for one position, and where a mask leaves fewer than two rows a position or a sample on average',
  sees: { pred: ['over-smoothing'], target: ['over-smoothing'] },
  detects: 'over-smoothing: all tokens of a sample are alike',
  blindTo: 'scale and rank; a scene that stands still is low and healthy',
  source: 'law of total variance; this project',
  requires: 'different rows',
  needs: [...SHARE_NEEDS],
  compute: (embedding) => shareWithin(embedding, 'bySample'),
});
