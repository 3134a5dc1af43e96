import { describe, expect, it } from 'vitest';
import {
  CORE_METRIC_IDS,
  DEFAULT_METRIC_IDS,
  METRIC_IDS,
  type MetricId,
  POSITION_METRIC_IDS,
  ROW_METRIC_IDS,
} from '#metrics/ids.js';
import { computeMetrics } from '#metrics/index.js';
import { createBatch } from '#numerics/matrix/batch.js';
import { inputErrorOf } from '../support/thrown.js';
import { expectClose } from '../tolerances.js';
import { filled, matrixOf } from './matrices.js';

const spread = (scale: number) => filled(6, 3, (i, j) => scale * (i === j ? 1 : -0.5 * ((i + 2 * j) % 3)));

describe('what is computed', () => {
  it('every metric asked for, in the order asked', () => {
    const batch = createBatch({
      prediction: spread(1),
      target: spread(2),
      context: spread(3),
      klReg: 'computed',
    });
    const { metrics, unavailable } = computeMetrics(batch, METRIC_IDS);
    expect(Object.keys(metrics)).toEqual(METRIC_IDS);
    // Six rows of three dimensions have three eigenvalues, and two axes no positions; nothing is known of the rows.
    const ofRows = ROW_METRIC_IDS.filter((id) => !id.endsWith('nearest_neighbour_ratio'));
    expect(Object.keys(unavailable)).toEqual([
      'pred_alpha_req',
      'target_alpha_req',
      ...POSITION_METRIC_IDS,
      ...ofRows,
    ]);
  });

  it('the default group, where nothing is said', () => {
    const batch = createBatch({ prediction: spread(1), target: spread(2) });
    expect(Object.keys(computeMetrics(batch).metrics)).toEqual(DEFAULT_METRIC_IDS);
    expect(DEFAULT_METRIC_IDS.slice(0, 7)).toEqual(CORE_METRIC_IDS);
  });

  it('only what is asked for', () => {
    const batch = createBatch({ prediction: spread(1), target: spread(2) });
    expect(Object.keys(computeMetrics(batch, ['pred_l2_mean']).metrics)).toEqual(['pred_l2_mean']);
  });

  it.each([0.25, 0, -3.5, 1e300])('a supplied kl_reg of %s as it is', (klReg) => {
    const batch = createBatch({ prediction: spread(1), target: spread(2), klReg });
    expect(computeMetrics(batch, ['kl_reg']).metrics.kl_reg).toBe(klReg);
  });
});

describe('what has no value is null with a reason', () => {
  it('kl_reg that nobody supplied', () => {
    const { metrics, unavailable } = computeMetrics(
      createBatch({ prediction: spread(1), target: spread(2) }),
      ['kl_reg'],
    );
    expect(metrics.kl_reg).toBeNull();
    expect(Object.keys(unavailable)).toEqual(['kl_reg']);
    expect(unavailable.kl_reg).toMatch(/\S/);
  });

  it('what needs a target', () => {
    const { metrics, unavailable } = computeMetrics(createBatch({ prediction: spread(1), target: null }));
    const needy = ['pred_cos_mean', 'pred_l2_mean', 'target_var_per_dim', 'pred_target_corr'] as const;
    for (const id of needy) {
      expect(metrics[id], id).toBeNull();
      expect(unavailable[id], id).toMatch(/target/);
    }
    expect(metrics.pred_var_per_dim).toBeGreaterThan(0);
    expect(metrics.pairwise_pred_dist_mean).toBeGreaterThan(0);
  });

  it('the closed form of kl_reg needs the side it is taken from', () => {
    const without = { prediction: spread(1), target: null, klReg: 'computed' } as const;
    expect(computeMetrics(createBatch(without), ['kl_reg']).metrics.kl_reg).toBeNull();
    const batch = createBatch({ ...without, klFrom: 'prediction' });
    expect(computeMetrics(batch, ['kl_reg']).metrics.kl_reg).toBeTypeOf('number');
  });
});

describe('results that do not fit in a float64 are refused with E218', () => {
  it.each(['pred_var_per_dim', 'target_var_per_dim', 'kl_reg'] satisfies MetricId[])(
    '%s of values near 1e200',
    (id) => {
      const batch = createBatch({ prediction: spread(1e200), target: spread(1e200), klReg: 'computed' });
      const error = inputErrorOf(() => computeMetrics(batch, [id]));
      expect(error.code).toBe('E218');
      expect(error.message).toContain(id);
    },
  );

  it('a distance between constants of 1e308 and -1e308, whose variances are 0', () => {
    const batch = createBatch({ prediction: filled(4, 3, 1e308), target: filled(4, 3, -1e308) });
    expect(computeMetrics(batch, ['pred_var_per_dim', 'target_var_per_dim']).metrics).toEqual({
      pred_var_per_dim: 0,
      target_var_per_dim: 0,
    });
    const error = inputErrorOf(() => computeMetrics(batch, ['pred_l2_mean']));
    expect(error.code).toBe('E218');
    expect(error.message).toContain('pred_l2_mean');
  });

  it('a mean distance between rows at both ends of float64', () => {
    const batch = createBatch({
      prediction: matrixOf([
        [1e308, 1],
        [-1e308, 1],
      ]),
      target: null,
    });
    expect(inputErrorOf(() => computeMetrics(batch, ['pairwise_pred_dist_mean'])).code).toBe('E218');
  });

  it('but a result that fits is given, although its intermediates do not', () => {
    const large = spread(1e200);
    const batch = createBatch({ prediction: large, target: large });
    const { metrics } = computeMetrics(batch, [
      'pred_cos_mean',
      'pred_target_corr',
      'pairwise_pred_dist_mean',
    ]);
    const plain = computeMetrics(createBatch({ prediction: spread(1), target: spread(1) })).metrics;
    expectClose(metrics.pred_cos_mean, 1, 'pred_cos_mean');
    expectClose(metrics.pred_target_corr, 1, 'pred_target_corr');
    const distance = plain.pairwise_pred_dist_mean! * 1e200;
    expectClose(metrics.pairwise_pred_dist_mean, distance, 'pairwise_pred_dist_mean');
  });

  it('and so is a mean of 1e308 over distances of 0 and 2e308', () => {
    const prediction = matrixOf([[1e308], [1e308], [1e308], [-1e308]]);
    const { metrics } = computeMetrics(createBatch({ prediction, target: null }), [
      'pairwise_pred_dist_mean',
    ]);
    expectClose(metrics.pairwise_pred_dist_mean, 1e308, 'pairwise_pred_dist_mean');
  });
});

it('a mean distance that fits is given, though one distance alone would not', () => {
  const column = (x: number) => ({ data: new Float64Array([x, 0, 0, 0]), rows: 4, cols: 1 });
  const batch = createBatch({ prediction: column(1e308), target: column(-1e308) });
  expect(computeMetrics(batch, ['pred_l2_mean']).metrics.pred_l2_mean).toBe(5e307);
});
