import { UNIFORMITY } from '#numerics/pairs/uniformity.js';
import { defineSideMetric } from '../define-side-metric.js';

/** ln mean_{i<j} exp(−2‖u_i − u_j‖²): one direction gives 0, isotropic rows about −3.958 at D = 192. */
export const uniformityOf = defineSideMetric({
  name: 'uniformity',
  title: 'Uniformity',
  unit: 'nats',
  collapse: 'high',
  range: '[−8, 0]',
  definition: 'ln mean_{i<j} exp(−2‖u_i − u_j‖²) over the non-zero rows, u = row / norm',
  edge: 'null for fewer than two non-zero rows; rows in one direction give 0; above N(N−1)/2·D = 4e10 an estimate from random pairs, as pairwise_pred_dist_mean',
  sees: { pred: ['predictor collapse', 'complete collapse'], target: ['complete collapse'] },
  detects: 'complete collapse, and collapse to clusters',
  blindTo:
    'norms; dimensional collapse beyond a few dimensions; the floor depends on D (−3.513 at 16, −3.969 at 256)',
  source: 'Wang & Isola, arXiv 2005.10242, uniform_loss with t = 2',
  requires: 'two directions',
  needs: [UNIFORMITY],
  compute: (embedding) => embedding.get(UNIFORMITY),
});
