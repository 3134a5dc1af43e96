import { expect, it } from 'vitest';
import { METRIC_IDS } from '#metrics/ids.js';
import { computeMetrics } from '#metrics/index.js';
import { pairwiseText, parsePairwise } from '#metrics/pairwise-choice.js';
import { createBatch } from '#numerics/matrix/batch.js';
import { gaussian } from './gaussian.js';

const input = { prediction: gaussian(60, 5, 1), target: gaussian(60, 5, 2), context: gaussian(60, 5, 3) };
const SAMPLED = [
  'pairwise_pred_dist_mean',
  'pairwise_target_dist_mean',
  'pred_uniformity',
  'target_uniformity',
  'pred_nearest_neighbour_ratio',
  'target_nearest_neighbour_ratio',
] as const;

it('only what is a mean over pairs is estimated, and everything else stays as it is', () => {
  const exact = computeMetrics(createBatch(input), METRIC_IDS);
  const sampled = computeMetrics(createBatch({ ...input, pairwise: 500, seed: 3 }), METRIC_IDS);
  expect(exact.estimates).toEqual({});
  expect(Object.keys(sampled.estimates)).toEqual(SAMPLED);
  for (const id of METRIC_IDS) {
    const estimate = sampled.estimates[id];
    if (estimate === undefined) {
      expect([id, sampled.metrics[id]]).toEqual([id, exact.metrics[id]]);
      continue;
    }
    expect(estimate).toMatchObject({ method: 'sampled', pairs: 500 });
    expect(estimate.standardError).toBeGreaterThan(0);
    expect(Math.abs(sampled.metrics[id]! - exact.metrics[id]!)).toBeLessThan(4 * estimate.standardError);
  }
  expect(sampled.unavailable).toEqual(exact.unavailable);
});

it('auto is exact below the limit', () => {
  const auto = computeMetrics(createBatch({ ...input, pairwise: 'auto', seed: 3 }), SAMPLED);
  expect(auto).toEqual(computeMetrics(createBatch(input), SAMPLED));
});

it('without a target there is nothing to estimate', () => {
  const batch = createBatch({ prediction: input.prediction, target: null, pairwise: 500 });
  const { metrics, estimates, unavailable } = computeMetrics(batch, SAMPLED);
  expect(Object.keys(estimates)).toEqual([
    'pairwise_pred_dist_mean',
    'pred_uniformity',
    'pred_nearest_neighbour_ratio',
  ]);
  expect(metrics.pairwise_target_dist_mean).toBeNull();
  expect(unavailable.target_uniformity).toMatch(/target/);
});

it('a choice reads as it is written', () => {
  for (const text of ['auto', 'exact', 'sample:100', 'sample:5000000']) {
    expect(pairwiseText(parsePairwise(text)!)).toBe(text);
  }
  expect(pairwiseText(parsePairwise('sample')!)).toBe('sample:1000000');
});
