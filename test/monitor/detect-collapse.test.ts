import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  COLLAPSE_METRIC_IDS,
  type CollapseMetrics,
  computeCollapseMetrics,
} from '#monitor/collapse-metrics.js';
import { detectCollapse } from '#monitor/detect-collapse.js';
import { CollapseThresholds } from '#monitor/thresholds.js';
import { inputErrorOf } from '../support/thrown.js';
import { CONSTANT_PREDICTOR, UNIT } from './known-batches.js';

const HEALTHY: CollapseMetrics = {
  pred_cos_mean: 0.9,
  pred_l2_mean: 1,
  target_var_per_dim: 1,
  pred_var_per_dim: 1,
  pred_target_corr: 0.9,
  pairwise_pred_dist_mean: 10,
  kl_reg: 1,
};

describe('detectCollapse', () => {
  it('finds nothing in a healthy batch', () => {
    const metrics = computeCollapseMetrics(UNIT.prediction, UNIT.target, { klReg: UNIT.klReg });
    expect(detectCollapse(metrics, { initialPairwisePredDistMean: Math.SQRT2 })).toEqual([]);
  });

  it('trips pred_var_per_dim alone on a constant prediction', () => {
    const { prediction, target } = CONSTANT_PREDICTOR;
    const metrics = computeCollapseMetrics(prediction, target, { klReg: 0 });
    expect(detectCollapse(metrics)).toEqual([{ criterion: 'pred_var_per_dim', value: 0, threshold: 2.5 }]);
  });

  it("gives all three in the reference's order", () => {
    const metrics = { ...HEALTHY, pred_var_per_dim: 0.25, pairwise_pred_dist_mean: 2, kl_reg: 11 };
    expect(detectCollapse(metrics, { initialPairwisePredDistMean: 8 })).toEqual([
      { criterion: 'pred_var_per_dim', value: 0.25, threshold: 0.5 },
      { criterion: 'pairwise_pred_dist_mean', value: 2, threshold: 4 },
      { criterion: 'kl_reg', value: 11, threshold: 10 },
    ]);
  });

  it('is strict: a value at the bound does not trip', () => {
    const metrics = { ...HEALTHY, pred_var_per_dim: 0.5, pairwise_pred_dist_mean: 4, kl_reg: 10 };
    expect(detectCollapse(metrics, { initialPairwisePredDistMean: 8 })).toEqual([]);
  });

  it('has no criterion on the pairwise distance without an initial one', () => {
    const metrics = { ...HEALTHY, pairwise_pred_dist_mean: 0 };
    expect(detectCollapse(metrics)).toEqual([]);
    expect(detectCollapse(metrics, { initialPairwisePredDistMean: null })).toEqual([]);
    expect(detectCollapse(metrics, { initialPairwisePredDistMean: 0 })).toEqual([]);
  });

  it('judges a negative kl_reg', () => {
    expect(detectCollapse({ ...HEALTHY, kl_reg: -1e6 })).toEqual([]);
  });

  it('is blind, as the reference is, where target and prediction shrink together', () => {
    expect(detectCollapse({ ...HEALTHY, pred_var_per_dim: 1e-12, target_var_per_dim: 1e-12 })).toEqual([]);
  });

  it('takes thresholds as an instance or as its fields', () => {
    const metrics = { ...HEALTHY, kl_reg: 3 };
    const expected = [{ criterion: 'kl_reg', value: 3, threshold: 2 }];
    expect(detectCollapse(metrics, { thresholds: { klRegMax: 2 } })).toEqual(expected);
    expect(detectCollapse(metrics, { thresholds: new CollapseThresholds({ klRegMax: 2 }) })).toEqual(
      expected,
    );
    expect(inputErrorOf(() => detectCollapse(metrics, { thresholds: { klRegMax: 0 } })).code).toBe('E224');
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '8'])('refuses an initial distance of %s', (value) => {
    const options = { initialPairwisePredDistMean: value as number };
    expect(inputErrorOf(() => detectCollapse(HEALTHY, options))).toMatchObject({
      code: 'E224',
      fields: { initialPairwisePredDistMean: value },
    });
  });

  it.each(['target_var_per_dim', 'pred_var_per_dim', 'pairwise_pred_dist_mean', 'kl_reg'] as const)(
    'never takes a missing or non-finite %s for a pass',
    (id) => {
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY, null, undefined, '1']) {
        const error = inputErrorOf(() => detectCollapse({ ...HEALTHY, [id]: value }));
        expect(error).toMatchObject({ code: 'E224', fields: { metric: id } });
      }
    },
  );

  it('refuses a bound that overflows', () => {
    const thresholds = { predVarToTargetVar: 1e300 };
    const metrics = { ...HEALTHY, target_var_per_dim: 1e300 };
    expect(inputErrorOf(() => detectCollapse(metrics, { thresholds })).code).toBe('E218');
  });

  it('agrees with the three criteria written out', () => {
    const positive = fc.oneof(
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      fc.constantFrom(0.5, 1, 2, 10),
    );
    const value = fc.oneof(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.constantFrom(0, 0.5, 1, 2, 5, 10),
    );
    const metrics = fc
      .tuple(...COLLAPSE_METRIC_IDS.map(() => value))
      .map((values) => Object.fromEntries(COLLAPSE_METRIC_IDS.map((id, i) => [id, values[i]])));
    const thresholds = fc.record({
      predVarToTargetVar: positive,
      pairwiseToInitial: positive,
      klRegMax: positive,
    });
    const property = fc.property(
      metrics as fc.Arbitrary<CollapseMetrics>,
      thresholds,
      fc.option(positive),
      (m, t, initial) => {
        const expected: string[] = [];
        if (m.pred_var_per_dim < t.predVarToTargetVar * m.target_var_per_dim)
          expected.push('pred_var_per_dim');
        if (initial !== null && m.pairwise_pred_dist_mean < t.pairwiseToInitial * initial)
          expected.push('pairwise_pred_dist_mean');
        if (m.kl_reg > t.klRegMax) expected.push('kl_reg');
        const alerts = detectCollapse(m, { thresholds: t, initialPairwisePredDistMean: initial });
        expect(alerts.map(({ criterion }) => criterion)).toEqual(expected);
        // -0 is 0 to a rule.
        for (const alert of alerts) expect(alert.value).toBe(m[alert.criterion] + 0);
      },
    );
    fc.assert(property, { numRuns: 1000 });
  });
});
