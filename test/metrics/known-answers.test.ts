import { describe, expect, it } from 'vitest';
import { computeMetrics } from '#metrics/index.js';
import { createBatch } from '#numerics/matrix/batch.js';
import { expectClose, type ToleranceFamily } from '../tolerances.js';
import { filled, matrixOf, measure } from './matrices.js';

const EPSILON = 1e-6;

function kl(rows: readonly (readonly number[])[]): number {
  const m = matrixOf(rows);
  return measure({ prediction: m, target: m }).kl_reg;
}

describe('worked by hand', () => {
  it('the 2 × 2 batch', () => {
    const batch = createBatch({
      prediction: matrixOf([
        [1, 0],
        [0, 1],
      ]),
      target: matrixOf([
        [1, 0],
        [1, 1],
      ]),
      klReg: 0.25,
    });
    const { metrics } = computeMetrics(batch);
    const expected = {
      pred_cos_mean: (1 + Math.SQRT1_2) / 2,
      pred_l2_mean: 0.5,
      target_var_per_dim: 0.125,
      pred_var_per_dim: 0.25,
      pred_target_corr: 1 / Math.sqrt(3),
      pairwise_pred_dist_mean: Math.SQRT2,
    } satisfies Partial<Record<ToleranceFamily, number>>;
    for (const [id, value] of Object.entries(expected) as [keyof typeof expected, number][]) {
      expectClose(metrics[id], value, id);
    }
    expect(metrics.kl_reg).toBe(0.25);
  });

  it('an all-zero prediction', () => {
    const target = matrixOf([
      [-2, -1, 0],
      [0, 1, 2],
      [2, 3, 4],
      [4, 5, 6],
    ]);
    const values = measure({ prediction: filled(4, 3, 0), target });
    expect(values).toMatchObject({
      pred_cos_mean: 0,
      target_var_per_dim: 5,
      pred_var_per_dim: 0,
      pred_target_corr: 0,
      pairwise_pred_dist_mean: 0,
    });
  });

  it('the variance of 0, s, 2s, … is s²(N² − 1)/12', () => {
    for (const [n, s] of [
      [2, 1],
      [7, 0.5],
      [100, 3],
      [1000, 1e-3],
    ] as const) {
      const m = filled(n, 2, (i) => i * s);
      const values = measure({ prediction: m, target: m });
      expectClose(values.target_var_per_dim, (s * s * (n * n - 1)) / 12, 'target_var_per_dim');
      // The mean of |i − j| over all pairs of 0 … n − 1 is (n + 1)/3.
      expectClose(values.pairwise_pred_dist_mean, (Math.SQRT2 * s * (n + 1)) / 3, 'pairwise_pred_dist_mean');
    }
  });

  it('a row that is 0 on either side has cosine 0', () => {
    const prediction = matrixOf([
      [3, 4],
      [0, 0],
      [1, 1],
    ]);
    const target = matrixOf([
      [3, 4],
      [1, 2],
      [0, 0],
    ]);
    expectClose(measure({ prediction, target }).pred_cos_mean, 1 / 3, 'pred_cos_mean');
  });

  it('cosines beside each other at 1e-200 and 1e200', () => {
    const prediction = matrixOf([
      [1e-200, 0],
      [1e200, 0],
    ]);
    const target = matrixOf([
      [1e200, 1e200],
      [3e-200, 4e-200],
    ]);
    const batch = createBatch({ prediction, target });
    const { metrics } = computeMetrics(batch, ['pred_cos_mean']);
    expectClose(metrics.pred_cos_mean, (Math.SQRT1_2 + 0.6) / 2, 'pred_cos_mean');
  });
});

describe('kl_reg in closed form', () => {
  it('of one dimension', () => {
    // μ = 2, Σ = 1
    expectClose(kl([[1], [3]]), (4 + 1 - Math.log(1 + EPSILON) - 1) / 2, 'kl_reg');
  });

  it.each([
    [3, 2, 1],
    [1, 1, 0.5],
    [100, 1e-2, 0.7],
    [1e3, 1e-3, -0.9],
  ])('of Σ = [[a², abr], [abr, b²]] with a = %f, b = %f, r = %f', (a, b, r) => {
    // Four points (±a, ±(rb) ± √(1 − r²) b) have exactly this covariance.
    const s = Math.sqrt(1 - r * r);
    const rows = [
      [a, b * (r + s)],
      [a, b * (r - s)],
      [-a, b * (-r + s)],
      [-a, b * (-r - s)],
    ];
    const det = (a * a + EPSILON) * (b * b + EPSILON) - (a * b * r) ** 2;
    expectClose(kl(rows), (a * a + b * b - Math.log(det) - 2) / 2, 'kl_reg');
  });

  it('of a hypercube: Σ is diagonal, over eleven decades', () => {
    const half = [1e5, 10, 1, 1e-2, 1e-4, 1e-6];
    const rows = Array.from({ length: 64 }, (_, i) => half.map((h, j) => ((i >> j) & 1 ? h : -h)));
    const expected = half.reduce((sum, h) => sum + (h * h - Math.log(h * h + EPSILON) - 1) / 2, 0);
    expectClose(kl(rows), expected, 'kl_reg');
  });

  it.each([1e-8, 1, 1e4, 1e5])('of two rows %f apart in many dimensions: Σ has rank 1', (scale) => {
    const dims = 24;
    const a = Array.from({ length: dims }, (_, j) => scale * ((j % 5) - 2));
    const b = a.map((x) => -x);
    const squared = a.reduce((sum, x) => sum + x * x, 0);
    const logDet = (dims - 1) * Math.log(EPSILON) + Math.log(squared + EPSILON);
    expectClose(kl([a, b]), (squared - logDet - dims) / 2, 'kl_reg');
  });

  it('of a single row: only the mean and ε are left', () => {
    expectClose(kl([[3, 4, 0]]), (25 - 3 * Math.log(EPSILON) - 3) / 2, 'kl_reg');
  });
});

describe('identical rows', () => {
  it.each([0.1, 1 / 3, 1e-300, 123456.789, -1e100])('of %s are exactly 0 apart over several blocks', (x) => {
    for (const cols of [1, 3, 8, 33]) {
      const m = filled(257, cols, (_, j) => x * (1 + j));
      const values = measure({ prediction: m, target: m });
      expect(values.pairwise_pred_dist_mean).toBe(0);
      expect(values.pred_var_per_dim).toBe(0);
      expect(values.target_var_per_dim).toBe(0);
      expect(values.pred_l2_mean).toBe(0);
    }
  });
});
