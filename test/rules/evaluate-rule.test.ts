import { describe, expect, it } from 'vitest';
import { printRule } from '#rules/language/print-rule.js';
import type { Operator, Rule } from '#rules/language/rule.js';
import { evaluateRule } from '#rules/series/evaluate-rule.js';
import type { MetricReasons, MetricValues, References } from '#rules/series/values.js';
import { makeRule } from './make-rule.js';

const NONE: References = {
  baseline: {},
  previous: {},
  peak: {},
  earlier: {},
  earlierPeak: {},
  highest: {},
  'trained peak': {},
};

function reason(rule: Rule, values: MetricValues, references = NONE, unavailable?: MetricReasons): string {
  const outcome = evaluateRule(rule, values, references, unavailable);
  if (outcome.outcome !== 'skipped') throw new Error(`not skipped: ${outcome.outcome}`);
  return outcome.reason;
}

describe('operators', () => {
  it.each<[Operator, boolean, boolean, boolean]>([
    ['<', true, false, false],
    ['<=', true, true, false],
    ['>', false, false, true],
    ['>=', false, true, true],
  ])('%s trips below, at and above the bound: %s, %s, %s', (operator, below, at, above) => {
    const rule = makeRule({ operator, factor: 1 });
    const trips = (value: number) =>
      evaluateRule(rule, { pred_var_per_dim: value }, NONE).outcome === 'trips';
    expect([trips(1 - 2 ** -53), trips(1), trips(1 + 2 ** -52)]).toEqual([below, at, above]);
  });
});

describe('bounds', () => {
  it('is the factor itself without a reference', () => {
    expect(evaluateRule(makeRule({ factor: 2.5 }), { pred_var_per_dim: 0 }, NONE)).toEqual({
      outcome: 'trips',
      value: 0,
      threshold: 2.5,
    });
  });

  it('is the product with another metric of the same step', () => {
    const rule = makeRule({ factor: 0.5, of: 'target_var_per_dim' });
    expect(evaluateRule(rule, { pred_var_per_dim: 2.5, target_var_per_dim: 5 }, NONE)).toEqual({
      outcome: 'holds',
      value: 2.5,
      threshold: 2.5,
    });
  });

  it.each(['baseline', 'previous', 'peak'] as const)('is the product with the same metric at %s', (of) => {
    const references = { ...NONE, [of]: { pred_var_per_dim: 4, target_var_per_dim: 400 } };
    expect(evaluateRule(makeRule({ factor: 0.5, of }), { pred_var_per_dim: 1 }, references)).toEqual({
      outcome: 'trips',
      value: 1,
      threshold: 2,
    });
  });

  it('keeps the sign of a negative reference', () => {
    const rule = makeRule({ metric: 'kl_reg', factor: 2, of: 'baseline' });
    const outcome = evaluateRule(rule, { kl_reg: -7 }, { ...NONE, baseline: { kl_reg: -3 } });
    expect(outcome).toEqual({ outcome: 'trips', value: -7, threshold: -6 });
  });
});

describe('missing is never a pass', () => {
  it.each([null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'skips a value of %s',
    (value) => {
      for (const operator of ['<', '<=', '>', '>='] as const) {
        expect(evaluateRule(makeRule({ operator }), { pred_var_per_dim: value }, NONE).outcome).toBe(
          'skipped',
        );
      }
    },
  );

  it('names the metric that has no value', () => {
    expect(reason(makeRule(), {})).toBe('needs pred_var_per_dim');
    expect(reason(makeRule(), { pred_var_per_dim: null })).toBe('needs pred_var_per_dim');
    expect(reason(makeRule(), { pred_var_per_dim: Number.NaN })).toBe(
      'needs pred_var_per_dim: it is not finite',
    );
  });

  it('tells why the metric is unavailable', () => {
    const unavailable = { pred_var_per_dim: 'needs a target' };
    expect(reason(makeRule(), { pred_var_per_dim: null }, NONE, unavailable)).toBe(
      'needs pred_var_per_dim: needs a target',
    );
  });

  it.each([
    ['baseline', 'needs pred_var_per_dim at the baseline'],
    ['previous', 'needs pred_var_per_dim at the previous judged step'],
    ['peak', 'needs pred_var_per_dim at a judged step'],
    ['target_var_per_dim', 'needs target_var_per_dim'],
  ] as const)('skips a rule whose %s has no value', (of, expected) => {
    expect(reason(makeRule({ of }), { pred_var_per_dim: 1 })).toBe(expected);
  });

  it('skips where the reference is NaN', () => {
    const references = { ...NONE, baseline: { pred_var_per_dim: Number.NaN } };
    expect(reason(makeRule({ of: 'baseline' }), { pred_var_per_dim: 1 }, references)).toBe(
      'needs pred_var_per_dim at the baseline',
    );
  });

  it('skips where the product overflows', () => {
    const rule = makeRule({ factor: 1e10, of: 'target_var_per_dim', expression: 'x < 1e12% of y' });
    expect(reason(rule, { pred_var_per_dim: 1, target_var_per_dim: 1e300 })).toBe(
      'the bound of "x < 1e12% of y" does not fit in float64',
    );
  });
});

describe('where', () => {
  it('asks for all of its conditions, and is skipped where it rests on one without a value', () => {
    const where = [
      { metric: 'pred_cos_mean', operator: '<', factor: 0.5, of: null },
      { metric: 'pred_r2', operator: '>', factor: -1, of: null },
    ] as const;
    const both = makeRule({ where });
    const outcome = (values: MetricValues) =>
      evaluateRule(both, { pred_var_per_dim: 0, ...values }, NONE).outcome;
    expect(outcome({ pred_cos_mean: 0.4, pred_r2: 0 })).toBe('trips');
    expect(outcome({ pred_cos_mean: 0.6, pred_r2: 0 })).toBe('holds');
    expect(outcome({ pred_cos_mean: 0.4, pred_r2: -2 })).toBe('holds');
    expect(outcome({ pred_cos_mean: 0.4 })).toBe('skipped');
    expect(outcome({ pred_cos_mean: 0.6 })).toBe('holds');
  });

  const rule = makeRule({
    metric: 'target_var_per_dim',
    factor: 0.25,
    of: 'peak',
    where: [{ metric: 'target_std_l2_normalized', operator: '<', factor: 0.85, of: 'peak' }],
  });
  const peak = { target_var_per_dim: 4, target_std_l2_normalized: 0.2 };
  const judge = (values: MetricValues) => evaluateRule(rule, values, { ...NONE, peak });

  it('trips where both are true, with the value and the bound of the rule itself', () => {
    expect(judge({ target_var_per_dim: 0.5, target_std_l2_normalized: 0.1 })).toEqual({
      outcome: 'trips',
      value: 0.5,
      threshold: 1,
    });
  });

  it.each([
    [0.5, 0.19],
    [2, 0.1],
    [2, 0.19],
  ])('holds where one is not: %d and %d', (variance, spread) => {
    expect(judge({ target_var_per_dim: variance, target_std_l2_normalized: spread })).toEqual({
      outcome: 'holds',
      value: variance,
      threshold: 1,
    });
  });

  it('is skipped where the rule would trip and the other cannot be told', () => {
    expect(judge({ target_var_per_dim: 0.5 })).toEqual({
      outcome: 'skipped',
      reason: 'needs target_std_l2_normalized',
    });
    expect(judge({ target_var_per_dim: 2 })).toMatchObject({ outcome: 'holds' });
  });

  it('is printed', () => {
    expect(printRule({ ...rule, forSteps: 2 })).toBe(
      'target_var_per_dim < 25% of peak for 2 where target_std_l2_normalized < 85% of peak',
    );
  });
});
