import { SURVEY } from '#numerics/matrix/survey.js';
import type { Estimated } from '#numerics/pairs/estimate.js';
import { NEAREST_NEIGHBOUR } from '#numerics/pairs/nearest-neighbour.js';
import { PAIRWISE_DISTANCE } from '#numerics/pairs/pairwise.js';
import { defineSideMetric } from '../define-side-metric.js';

/** How near the nearest row is beside all others: rows at a few points give 0, N(0, I) at 256×192 0.8. */
export const nearestNeighbourRatio = defineSideMetric({
  name: 'nearest_neighbour_ratio',
  title: 'Nearest neighbour beside all, distance',
  unit: 'unitless',
  collapse: 'low',
  range: '[0, 1]',
  definition: 'mean over rows of min_{j≠i} ‖x_i − x_j‖₂ / mean over the pairs i < j of ‖x_i − x_j‖₂',
  edge: 'null for one row and for identical rows; duplicates count as neighbours at 0; above N²·max(D, 256) = 8e10 an estimate: some of the rows search all',
  sees: { pred: ['predictor collapse', 'complete collapse'], target: ['complete collapse'] },
  detects: 'clusters: many rows at few points, while rank and variance look well',
  blindTo: 'scale; a few dimensions lower it in health, and so does a larger batch',
  source: 'this project; after Clark & Evans 1954',
  dependsOnRows: true,
  requires: 'different rows',
  needs: [SURVEY, NEAREST_NEIGHBOUR, PAIRWISE_DISTANCE],
  compute: (embedding) => {
    const nearest = embedding.get(NEAREST_NEIGHBOUR);
    const all = embedding.get(PAIRWISE_DISTANCE);
    const value = numberOf(nearest) / numberOf(all);
    if (typeof nearest === 'number' && typeof all === 'number') return value;
    const relative = Math.hypot(errorOf(nearest), errorOf(all));
    const pairs = pairsOf(nearest) + pairsOf(all);
    return { value, estimate: { method: 'sampled', pairs, standardError: value * relative } };
  },
});

const numberOf = (x: number | Estimated) => (typeof x === 'number' ? x : x.value);

const pairsOf = (x: number | Estimated) => (typeof x === 'number' ? 0 : x.estimate.pairs);

/** As a share of the value. */
const errorOf = (x: number | Estimated) =>
  typeof x === 'number' || x.value === 0 ? 0 : x.estimate.standardError / x.value;
