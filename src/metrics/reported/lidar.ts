import { lidar } from '#numerics/rows/lidar.js';
import { defineSideMetric } from '../define-side-metric.js';
import { orReason } from '../or-reason.js';

const LIDAR = { prediction: lidar('prediction'), target: lidar('target') };

/** The effective rank of what separates samples from their own views. */
export const lidarOf = defineSideMetric({
  name: 'lidar',
  title: 'LiDAR',
  unit: 'unitless',
  collapse: 'low',
  range: '[1, min(D, groups − 1)]',
  definition:
    'exp(−Σ p ln p), p = λ/Σλ, λ the eigenvalues of Σw^(−1/2) Σb Σw^(−1/2): Σb the covariance of the means of the groups, Σw the mean of the covariances within them (ddof 0, each group alike) + 1e-4·I',
  edge: 'null without a group array, for one group, for groups of one row each, for equal means, and for more than 2^24 values of means; the ε that the paper adds to p is left out',
  sees: {
    pred: ['predictor collapse', 'complete collapse'],
    target: ['dimensional collapse', 'complete collapse'],
  },
  detects: 'few directions that tell samples from views of one sample, though the rank of all rows is high',
  blindTo: 'scale, where variances lie far above 1e-4; views that are too alike raise it',
  source: 'Thilak et al., arXiv 2312.04000',
  dependsOnRows: true,
  needsOfRows: 'group',
  requires: 'two rows',
  needs: [],
  stepNeeds: (side) => [LIDAR[side]],
  compute: (embedding, batch) => orReason(batch.get(LIDAR[embedding.role as 'prediction' | 'target'])),
});
