import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { METRIC_IDS } from '#metrics/ids.js';
import type { Rule } from '#rules/language/rule.js';
import { RuleSeries } from '#rules/series/series.js';
import { inputErrorOf } from '../support/thrown.js';
import { makeRule } from './make-rule.js';

const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -3, max: 3 }));
const anyValue = fc.oneof(number, fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY));
const metric = fc.constantFrom(...METRIC_IDS);
const stepInput = fc.record({
  values: fc.dictionary(metric, anyValue),
  skips: fc.dictionary(fc.constantFrom('0', '1', '2'), fc.constant('asked')),
  numbered: fc.boolean(),
});
const rules: fc.Arbitrary<Rule[]> = fc
  .array(
    fc.record({
      metric,
      operator: fc.constantFrom('<', '<=', '>', '>=') as fc.Arbitrary<Rule['operator']>,
      factor: number,
      of: fc.option(fc.oneof(fc.constantFrom('baseline', 'previous', 'peak'), metric)) as fc.Arbitrary<
        Rule['of']
      >,
      forSteps: fc.integer({ min: 1, max: 3 }),
      after: fc.option(fc.integer({ min: 0, max: 5 })),
    }),
    { maxLength: 5 },
  )
  .map((parts) => parts.map((part, i) => makeRule({ ...part, id: String(i), expression: `rule ${i}` })));

function through(series: RuleSeries, used: readonly Rule[]): RuleSeries {
  return RuleSeries.fromJSON(used, JSON.parse(JSON.stringify(series)));
}

describe('toJSON and fromJSON', () => {
  it('in the middle of any series change nothing', () => {
    fc.assert(
      fc.property(
        rules,
        fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
        fc.array(stepInput, { maxLength: 12 }),
        fc.nat(12),
        (used, initialPairwisePredDistMean, steps, cut) => {
          const whole = new RuleSeries(used, { initialPairwisePredDistMean });
          let parts = new RuleSeries(used, { initialPairwisePredDistMean });
          for (const [i, { values, skips, numbered }] of steps.entries()) {
            if (i === cut) parts = through(parts, used);
            const input = { step: numbered ? i : null, values, skips };
            expect(parts.judge(input)).toEqual(whole.judge(input));
          }
          expect(through(parts, used).toJSON()).toEqual(JSON.parse(JSON.stringify(whole)));
          for (const id of METRIC_IDS) expect(parts.baselineOf(id)).toEqual(whole.baselineOf(id));
        },
      ),
    );
  });

  it('give plain data that does not change with the series', () => {
    const series = new RuleSeries([makeRule({ forSteps: 5 })]);
    series.judge({ step: 100, values: { pred_var_per_dim: 0.5, kl_reg: Number.NaN, pred_l2_mean: null } });
    const state = series.toJSON();
    const expected = {
      version: 1,
      initialPairwisePredDistMean: null,
      baseline: { step: 100, values: { pred_var_per_dim: 0.5 } },
      previous: { step: 100, values: { pred_var_per_dim: 0.5 } },
      peak: { pred_var_per_dim: 0.5 },
      trend: {
        count: 1,
        marks: [{ at: 1, values: { pred_var_per_dim: 0.5 }, peak: { pred_var_per_dim: 0.5 } }],
      },
      pending: { rule: { expression: 'pred_var_per_dim < 1', count: 1 } },
    };
    expect(state).toEqual(expected);
    series.judge({ step: 200, values: { pred_var_per_dim: 0.9 } });
    expect(state).toEqual(expected);
  });

  it('start the count of a changed or new rule anew', () => {
    const series = new RuleSeries([makeRule({ forSteps: 2 })]);
    series.judge({ step: 1, values: { pred_var_per_dim: 0 } });
    const state = series.toJSON();
    const alerts = (rule: Rule) =>
      RuleSeries.fromJSON([rule], state).judge({ step: 2, values: { pred_var_per_dim: 0 } }).alerts.length;
    expect(alerts(makeRule({ forSteps: 2 }))).toBe(1);
    expect(alerts(makeRule({ forSteps: 2, expression: 'pred_var_per_dim < 2', factor: 2 }))).toBe(0);
    expect(alerts(makeRule({ forSteps: 2, id: 'other' }))).toBe(0);
  });

  it('survive a rule called __proto__', () => {
    const used = [makeRule({ id: '__proto__', forSteps: 2 })];
    const series = new RuleSeries(used);
    series.judge({ step: 1, values: { pred_var_per_dim: 0 } });
    const again = through(series, used);
    expect(again.judge({ step: 2, values: { pred_var_per_dim: 0 } }).alerts).toHaveLength(1);
  });
});

describe('a state that is not valid', () => {
  const good = {
    version: 1,
    initialPairwisePredDistMean: null,
    baseline: { step: 1, values: { kl_reg: 1 } },
    previous: { step: 2, values: { kl_reg: 2 } },
    peak: { kl_reg: 2 },
    trend: {
      count: 2,
      marks: [
        { at: 2, values: { kl_reg: 2 }, peak: { kl_reg: 2 } },
        { at: 1, values: { kl_reg: 1 }, peak: { kl_reg: 1 } },
      ],
    },
    pending: { rule: { expression: 'x', count: 1 } },
  };

  it('has a valid counterpart', () => {
    expect(RuleSeries.fromJSON([], good).toJSON()).toEqual({ ...good, pending: {} });
    const { trend, ...earlier } = good;
    const resumed = RuleSeries.fromJSON([], earlier).toJSON();
    expect(resumed).toEqual({
      ...earlier,
      trend: { count: 1, marks: [{ ...trend.marks[0]!, at: 1 }] },
      pending: {},
    });
  });

  it.each<[string, unknown]>([
    ['state', null],
    ['state', 'text'],
    ['state', []],
    ['version', { ...good, version: 2 }],
    ['version', {}],
    ['initialPairwisePredDistMean', { ...good, initialPairwisePredDistMean: -1 }],
    ['initialPairwisePredDistMean', { ...good, initialPairwisePredDistMean: 'x' }],
    ['initialPairwisePredDistMean', { ...good, initialPairwisePredDistMean: undefined }],
    ['baseline', { ...good, baseline: 3 }],
    ['baseline.step', { ...good, baseline: { step: -1, values: {} } }],
    ['baseline.step', { ...good, baseline: { step: 1.5, values: {} } }],
    ['baseline.step', { ...good, baseline: { values: {} } }],
    ['baseline.values', { ...good, baseline: { step: 1 } }],
    ['baseline.values.kl_reg', { ...good, baseline: { step: 1, values: { kl_reg: null } } }],
    ['baseline.values.nonsense', { ...good, baseline: { step: 1, values: { nonsense: 1 } } }],
    ['previous', { ...good, previous: null }],
    ['previous', { ...good, baseline: null }],
    ['peak', { ...good, peak: undefined }],
    ['peak.kl_reg', { ...good, peak: { kl_reg: Number.NaN } }],
    ['pending', { ...good, pending: [] }],
    ['pending.rule', { ...good, pending: { rule: 1 } }],
    ['pending.rule.expression', { ...good, pending: { rule: { count: 1 } } }],
    ['pending.rule.count', { ...good, pending: { rule: { expression: 'x', count: 0 } } }],
  ])('is refused for its %s', (field, state) => {
    expect(inputErrorOf(() => RuleSeries.fromJSON([], state))).toMatchObject({
      code: 'E224',
      fields: { field },
    });
  });
});
