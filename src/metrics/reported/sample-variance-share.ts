import { SHARE_NEEDS, shareWithin } from '../between-samples.js';
import { defineSideMetric } from '../define-side-metric.js';

/** The share of the variance that lies between samples at one position: rows that depend on their position alone give 0. */
export const sampleVarianceShare = defineSideMetric({
  name: 'sample_variance_share',
  title: 'Variance between samples, share',
  unit: 'unitless',
  collapse: 'low',
  range: '[0, 1]',
  definition:
    'of [samples, positions, dims]: Σ‖x − mean of its position‖² / Σ‖x − grand mean‖² over the rows that a mask keeps (ddof 0)',
  edge: 'null for two axes, for fewer than 8 samples, for one position, and where a mask leaves fewer than two rows a position or a sample on average',
  sees: { pred: ['positional collapse', 'predictor collapse'], target: ['positional collapse'] },
  detects: 'positional collapse: what is left depends on the position alone',
  blindTo: 'scale and rank; positions that differ for a good reason, where samples differ too',
  source: 'law of total variance; this project',
  requires: 'different rows',
  needs: [...SHARE_NEEDS],
  compute: (embedding) => shareWithin(embedding, 'byPosition'),
});
