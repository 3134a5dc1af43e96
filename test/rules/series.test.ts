import { describe, expect, it } from 'vitest';
import { InputError } from '#errors.js';
import type { Rule } from '#rules/language/rule.js';
import { rfc0005Rules } from '#rules/presets/rfc-0005.js';
import { RuleSeries } from '#rules/series/series.js';
import { makeRule } from './make-rule.js';

/** What each step's one rule says: 'alert', 'skip: reason' or '-', over values of pred_var_per_dim. */
function run(rule: Partial<Rule>, values: readonly (number | null)[], steps?: readonly (number | null)[]) {
  const series = new RuleSeries([makeRule(rule)]);
  return values.map((value, i) => {
    const step = steps === undefined ? (i + 1) * 100 : steps[i]!;
    const { alerts, skipped } = series.judge({ step, values: { pred_var_per_dim: value } });
    if (skipped.length > 0) return `skip: ${skipped[0]!.reason}`;
    return alerts.length > 0 ? `${alerts[0]!.value} ${alerts[0]!.threshold}` : '-';
  });
}

describe('baseline', () => {
  it('is the first judged step, which is compared with itself', () => {
    expect(run({ factor: 0.5, of: 'baseline' }, [8, 4, 3.9, 20])).toEqual(['-', '-', '3.9 4', '-']);
    expect(run({ factor: 2, of: 'baseline' }, [8, 16])).toEqual(['8 16', '-']);
  });

  it('stays missing where the first judged step has no value', () => {
    const missing = 'skip: needs pred_var_per_dim at the baseline';
    expect(run({ of: 'baseline' }, [null, 1, 0])).toEqual(['skip: needs pred_var_per_dim', missing, missing]);
  });

  it('tells its step and value', () => {
    const series = new RuleSeries(rfc0005Rules());
    expect(series.baselineOf('pairwise_pred_dist_mean')).toBeNull();
    series.judge({ step: 100, values: { pairwise_pred_dist_mean: 12.3, kl_reg: null } });
    series.judge({ step: 200, values: { pairwise_pred_dist_mean: 9, kl_reg: 1 } });
    expect(series.baselineOf('pairwise_pred_dist_mean')).toEqual({
      step: 100,
      value: 12.3,
      source: 'first step',
    });
    expect(series.baselineOf('kl_reg')).toBeNull();
  });

  it('gives way to a supplied initial distance, for the pairwise distance alone', () => {
    const series = new RuleSeries(rfc0005Rules(), { initialPairwisePredDistMean: 10 });
    expect(series.baselineOf('pairwise_pred_dist_mean')).toEqual({
      step: null,
      value: 10,
      source: 'supplied',
    });
    const { alerts } = series.judge({
      step: 100,
      values: { pairwise_pred_dist_mean: 4, kl_reg: 1, pred_var_per_dim: 1, target_var_per_dim: 1 },
    });
    expect(alerts.map(({ rule, threshold }) => [rule.id, threshold])).toEqual([
      ['pairwise_pred_dist_mean', 5],
    ]);
    expect(series.baselineOf('pairwise_pred_dist_mean')?.value).toBe(10);
    expect(series.baselineOf('kl_reg')).toEqual({ step: 100, value: 1, source: 'first step' });
  });

  it('of 0 never trips a strict comparison', () => {
    expect(run({ factor: 0.5, of: 'baseline' }, [0, 0])).toEqual(['-', '-']);
  });
});

describe('previous', () => {
  it('is the last judged step, and missing at the first', () => {
    expect(run({ factor: 0.5, of: 'previous' }, [8, 7, 3, 2])).toEqual([
      'skip: needs pred_var_per_dim at the previous judged step',
      '-',
      '3 3.5',
      '-',
    ]);
  });

  it('is missing after a step without a value, not the step before that', () => {
    expect(run({ factor: 0.5, of: 'previous' }, [8, null, 1])[2]).toBe(
      'skip: needs pred_var_per_dim at the previous judged step',
    );
  });
});

describe('peak', () => {
  it('is the maximum over the earlier steps and this one', () => {
    expect(run({ factor: 0.5, of: 'peak' }, [4, 10, 5, 4.9, 12])).toEqual(['-', '-', '-', '4.9 5', '-']);
    expect(run({ factor: 2, of: 'peak', operator: '>=' }, [4, 100])).toEqual(['-', '-']);
  });

  it('ignores missing values', () => {
    expect(run({ factor: 0.5, of: 'peak' }, [10, null, 4])[2]).toBe('4 5');
  });

  it('works below 0', () => {
    const series = new RuleSeries([makeRule({ metric: 'kl_reg', factor: 2, of: 'peak' })]);
    series.judge({ step: 1, values: { kl_reg: -4 } });
    series.judge({ step: 2, values: { kl_reg: -3 } });
    expect(series.judge({ step: 3, values: { kl_reg: -7 } }).alerts[0]?.threshold).toBe(-6);
  });
});

describe('for N', () => {
  it('alerts from the Nth step in a row on', () => {
    expect(run({ forSteps: 3 }, [0, 0, 0, 0, 2, 0, 0, 0])).toEqual([
      '-',
      '-',
      '0 1',
      '0 1',
      '-',
      '-',
      '-',
      '0 1',
    ]);
  });

  it('starts anew after a missing value', () => {
    expect(run({ forSteps: 2 }, [0, null, 0, 0])).toEqual(['-', 'skip: needs pred_var_per_dim', '-', '0 1']);
  });

  it('counts each rule by itself', () => {
    const rules = [makeRule({ id: 'a', forSteps: 2 }), makeRule({ id: 'b', factor: 10, forSteps: 2 })];
    const series = new RuleSeries(rules);
    const ids = [0, 5, 5, 0, 0].map((value, i) =>
      series
        .judge({ step: i, values: { pred_var_per_dim: value } })
        .alerts.map(({ rule }) => rule.id)
        .join(),
    );
    expect(ids).toEqual(['', 'b', 'b', 'b', 'a,b']);
  });
});

describe('after S', () => {
  it('leaves out steps up to and including S, without counting them', () => {
    expect(run({ after: 200 }, [0, 0, 0])).toEqual(['-', '-', '0 1']);
    expect(run({ after: 200, forSteps: 2 }, [0, 0, 0, 0])).toEqual(['-', '-', '-', '0 1']);
    expect(run({ after: 0 }, [0, 0], [0, 1])).toEqual(['-', '0 1']);
  });

  it('does not report a missing value at a step it leaves out', () => {
    expect(run({ after: 100 }, [null, null])).toEqual(['-', 'skip: needs pred_var_per_dim']);
  });

  it('takes the baseline from the first judged step all the same', () => {
    expect(run({ after: 100, factor: 0.5, of: 'baseline' }, [10, 4])).toEqual(['-', '4 5']);
  });

  it('judges a step without a number under no S and under 0, and skips it under more', () => {
    expect(run({ after: null }, [0], [null])).toEqual(['0 1']);
    expect(run({ after: 0 }, [0], [null])).toEqual(['0 1']);
    expect(run({ after: 5 }, [0], [null])).toEqual(['skip: holds after step 5, and this step has no number']);
  });
});

describe('skips by the caller', () => {
  it('skip the rule with the reason and break its row', () => {
    const series = new RuleSeries([makeRule({ forSteps: 2 })]);
    const values = { pred_var_per_dim: 0 };
    series.judge({ step: 1, values });
    const second = series.judge({ step: 2, values, skips: { rule: 'computed, and nobody asked' } });
    expect(second.skipped.map(({ rule, reason }) => [rule.id, reason])).toEqual([
      ['rule', 'computed, and nobody asked'],
    ]);
    expect(second.alerts).toEqual([]);
    expect(series.judge({ step: 3, values }).alerts).toEqual([]);
    expect(series.judge({ step: 4, values }).alerts).toHaveLength(1);
  });

  it('of another rule change nothing, whatever its id', () => {
    const series = new RuleSeries([makeRule({ id: 'constructor' })]);
    expect(series.judge({ step: 1, values: { pred_var_per_dim: 0 }, skips: {} }).alerts).toHaveLength(1);
  });
});

it('lists alerts and skips in the order of the rules', () => {
  const rules = rfc0005Rules();
  const series = new RuleSeries([...rules].reverse(), { initialPairwisePredDistMean: 10 });
  const values = { pred_var_per_dim: 0, target_var_per_dim: 1, pairwise_pred_dist_mean: 1, kl_reg: 99 };
  expect(series.judge({ step: 1, values }).alerts.map(({ rule }) => rule.id)).toEqual([
    'kl_reg',
    'pairwise_pred_dist_mean',
    'pred_var_per_dim',
  ]);
  expect(series.judge({ step: 2, values: {} }).skipped.map(({ rule }) => rule.id)).toEqual([
    'kl_reg',
    'pairwise_pred_dist_mean',
    'pred_var_per_dim',
  ]);
});

it('passes the reason of an unavailable metric on', () => {
  const { skipped } = new RuleSeries([makeRule()]).judge({
    step: 1,
    values: { pred_var_per_dim: null },
    unavailable: { pred_var_per_dim: 'target is constant' },
  });
  expect(skipped[0]?.reason).toBe('needs pred_var_per_dim: target is constant');
});

describe('refuses', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, '3' as unknown as number])(
    'an initial distance of %s',
    (initialPairwisePredDistMean) => {
      expect(() => new RuleSeries([], { initialPairwisePredDistMean })).toThrow(InputError);
    },
  );

  it('two rules with one id', () => {
    expect(() => new RuleSeries([makeRule(), makeRule()])).toThrow('two rules have the id rule');
  });

  it.each([0, -1, 1.5, Number.NaN])('for %s', (forSteps) => {
    expect(() => new RuleSeries([makeRule({ forSteps })])).toThrow('needs an integer > 0');
  });

  it.each([-1, Number.POSITIVE_INFINITY, Number.NaN])('step %s, remembering nothing', (step) => {
    const series = new RuleSeries([makeRule()]);
    expect(() => series.judge({ step, values: { pred_var_per_dim: 1 } })).toThrow(InputError);
    expect(series.toJSON().baseline).toBeNull();
  });
});
