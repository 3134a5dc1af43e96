import { describe, expect, it } from 'vitest';
import { METRIC_IDS } from '#metrics/ids.js';
import {
  COLLAPSE_METRIC_IDS,
  type CollapseMetricId,
  computeCollapseMetrics,
} from '#monitor/collapse-metrics.js';
import { expectClose } from '../tolerances.js';
import { CONSTANT_PREDICTOR, UNIT } from './known-batches.js';

function expectMetrics(actual: object, expected: Record<CollapseMetricId, number>): void {
  expect(Object.keys(actual)).toEqual(COLLAPSE_METRIC_IDS);
  for (const id of COLLAPSE_METRIC_IDS) {
    expectClose((actual as Record<CollapseMetricId, number>)[id], expected[id], id);
  }
}

describe('computeCollapseMetrics', () => {
  it('has the seven diagnostics first in the order of every output', () => {
    expect(METRIC_IDS.slice(0, 7)).toEqual(COLLAPSE_METRIC_IDS);
  });

  it('gives the known answers of the 2 × 2 batch', () => {
    expectMetrics(computeCollapseMetrics(UNIT.prediction, UNIT.target, { klReg: UNIT.klReg }), {
      pred_cos_mean: (1 + 1 / Math.SQRT2) / 2,
      pred_l2_mean: 0.5,
      target_var_per_dim: 0.125,
      pred_var_per_dim: 0.25,
      pred_target_corr: 1 / Math.sqrt(3),
      pairwise_pred_dist_mean: Math.SQRT2,
      kl_reg: 0.25,
    });
  });

  it('gives the known answers of a constant prediction', () => {
    const { prediction, target } = CONSTANT_PREDICTOR;
    expectMetrics(computeCollapseMetrics(prediction, target, { klReg: 0 }), {
      pred_cos_mean: 0,
      pred_l2_mean: (Math.sqrt(5) + Math.sqrt(5) + Math.sqrt(29) + Math.sqrt(77)) / 4,
      target_var_per_dim: 5,
      pred_var_per_dim: 0,
      pred_target_corr: 0,
      pairwise_pred_dist_mean: 0,
      kl_reg: 0,
    });
  });

  it('gives 0 for variances, correlation and pairwise distance of one row of equal numbers', () => {
    expectMetrics(computeCollapseMetrics([[3, 3]], [[3, 7]], { klReg: -2 }), {
      pred_cos_mean: 30 / Math.sqrt(18 * 58),
      pred_l2_mean: 4,
      target_var_per_dim: 0,
      pred_var_per_dim: 0,
      pred_target_corr: 0,
      pairwise_pred_dist_mean: 0,
      kl_reg: -2,
    });
  });

  it('counts a row without direction as cosine 0', () => {
    const prediction = [
      [0, 0],
      [2, 0],
      [1, 1],
    ];
    const target = [
      [1, 0],
      [3, 0],
      [0, 0],
    ];
    expectClose(
      computeCollapseMetrics(prediction, target, { klReg: 0 }).pred_cos_mean,
      1 / 3,
      'pred_cos_mean',
    );
  });

  it("computes the closed form of the targets where klReg is 'computed'", () => {
    const { kl_reg } = computeCollapseMetrics([[5], [6]], [[0], [2]], { klReg: 'computed' });
    expectClose(kl_reg, (1 + 1 - Math.log(1 + 1e-6) - 1) / 2, 'kl_reg');
  });

  it('loses no digits far from the origin', () => {
    const shift = (rows: readonly (readonly number[])[]) => rows.map((row) => row.map((x) => x + 1e8));
    const far = computeCollapseMetrics(shift(UNIT.prediction), shift(UNIT.target), { klReg: 0 });
    expectClose(far.pred_var_per_dim, 0.25, 'pred_var_per_dim');
    expectClose(far.pairwise_pred_dist_mean, Math.SQRT2, 'pairwise_pred_dist_mean');
  });

  it('does not write to its inputs', () => {
    const data = Float32Array.of(1, 2, 3, 4);
    computeCollapseMetrics({ data, shape: [2, 2] }, { data, shape: [2, 2] }, { klReg: 'computed' });
    expect([...data]).toEqual([1, 2, 3, 4]);
  });
});
