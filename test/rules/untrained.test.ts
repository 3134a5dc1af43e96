import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EarlierSteps, Rule } from '#rules/language/rule.js';
import { rulesOfRun } from '#rules/presets/rules-of-run.js';
import { RuleSeries } from '#rules/series/series.js';
import type { MetricValues } from '#rules/series/values.js';
import { makeRule } from './make-rule.js';

const below = (of: EarlierSteps, more: Partial<Rule> = {}): Rule =>
  makeRule({ id: 'rule', metric: 'target_var_per_dim', operator: '<', factor: 0.5, of, ...more });

/** At which of the values, from step 100 on, the rule alerts; `untrained` is step 0. */
function alertsAt(rule: Rule, values: readonly number[], untrained?: number): number[] {
  const series = new RuleSeries([rule]);
  if (untrained !== undefined) series.noteUntrained({ values: { target_var_per_dim: untrained } });
  return values.filter((value, i) => {
    const judged = series.judge({ step: (i + 1) * 100, values: { target_var_per_dim: value } });
    return judged.alerts.length > 0;
  });
}

describe('a bound on what step 0 had', () => {
  it('takes step 0 for a peak, and later ones too', () => {
    expect(alertsAt(below('highest'), [0.6, 0.4, 2, 2, 2, 0.9], 1)).toEqual([0.4, 0.9]);
  });

  it('does not apply without a step 0', () => {
    const series = new RuleSeries([below('highest')]);
    const judged = series.judge({ step: 100, values: { target_var_per_dim: 1 } });
    expect(judged).toMatchObject({ alerts: [], held: [], skipped: [] });
  });
});

describe('a trained peak', () => {
  it('forgets a scale that has only fallen since step 0', () => {
    expect(alertsAt(below('trained peak'), [0.6, 0.4, 0.2, 0.1], 1)).toEqual([]);
  });

  it('is there from the first rise on', () => {
    expect(alertsAt(below('trained peak'), [0.4, 0.2, 0.35, 0.17], 1)).toEqual([0.17]);
    expect(alertsAt(below('trained peak'), [3, 1.4], 1)).toEqual([1.4]);
    expect(alertsAt(below('trained peak'), [1.04, 0.3], 1)).toEqual([]);
  });

  it('is the peak where there was no step 0', () => {
    expect(alertsAt(below('trained peak'), [1, 0.6, 0.4])).toEqual(alertsAt(below('peak'), [1, 0.6, 0.4]));
  });

  it('is no spike: more than twice the level before counts from the third step in a row on', () => {
    const afterSpike = (...spike: number[]) =>
      alertsAt(below('trained peak', { factor: 0.1 }), [1, 1, ...spike, 1.01]);
    expect(afterSpike(1000)).toEqual([]);
    expect(afterSpike(1000, 50)).toEqual([]);
    expect(afterSpike(20, 20)).toEqual([]);
    expect(afterSpike(20, 20, 20)).toEqual([1.01]);
    expect(afterSpike(2, 4, 8, 16)).toEqual([1.01]);
    expect(alertsAt(below('highest', { factor: 0.1 }), [1, 1, 1e6, 1.01], 0.5)).toEqual([]);
  });

  it('is never above the peak, and is the peak of what grows by less than twice', () => {
    const steps = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        steps,
        fc.option(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { nil: undefined }),
        (values, untrained) => {
          const alerts = alertsAt(below('trained peak'), values, untrained);
          expect(alertsAt(below('peak'), values, untrained)).toEqual(expect.arrayContaining(alerts));
          const slow = values.map((_, i) => 1.5 ** (i % 5));
          expect(alertsAt(below('trained peak'), slow)).toEqual(alertsAt(below('peak'), slow));
        },
      ),
    );
  });

  it('goes on from a state as if it had never stopped', () => {
    const rules = [below('trained peak'), { ...below('highest'), id: 'other' }];
    const steps = [0.7, 0.6, 0.9, 0.4, 0.3, 40, 0.8, 0.8, 0.1].map((value) => ({
      target_var_per_dim: value,
    }));
    const judge = (series: RuleSeries, at: number) =>
      series.judge({ step: at + 1, values: steps[at]! }).alerts.map(({ rule }) => rule.id);
    const whole = new RuleSeries(rules);
    whole.noteUntrained({ values: { target_var_per_dim: 1 } });
    for (const [at] of steps.entries()) {
      const resumed = RuleSeries.fromJSON(rules, JSON.parse(JSON.stringify(whole.toJSON())));
      expect(judge(resumed, at)).toEqual(judge(whole, at));
    }
  });
});

describe('a warm-up that a rule finds by another metric', () => {
  const rule = makeRule({
    metric: 'pred_target_var_ratio',
    factor: 0.1,
    forSteps: 2,
    unlessRises: ['pred_cos_centered_mean'],
    where: [{ metric: 'pred_cos_centered_mean', operator: '<', factor: 0.2, of: null }],
  });
  const alerts = (cosines: readonly number[], ratio = 0.01) => {
    const series = new RuleSeries([rule]);
    return cosines.map((cosine, i) => {
      const values: MetricValues = { pred_target_var_ratio: ratio, pred_cos_centered_mean: cosine };
      return series.judge({ step: i + 1, values }).alerts.length > 0;
    });
  };

  it('waits while that surpasses its peak by more than a fifth', () => {
    expect(alerts([0, 0.06, 0.12, 0.18, 0.18])).toEqual([false, false, false, false, true]);
    expect(alerts([0.1, 0.11, 0.13])).toEqual([false, true, true]);
  });

  it('is no warm-up that far below the bound', () => {
    expect(alerts([0, 0.06, 0.12], 1e-6)).toEqual([false, true, true]);
  });

  it('takes what has been higher before for none', () => {
    expect(alerts([0.05, -0.02, 0.045])).toEqual([false, true, true]);
    expect(alerts([-0.05, -0.2, -0.049, -0.03])).toEqual([false, true, true, true]);
  });

  it('reads the encoder of embeddings alone where it waits for the scale', () => {
    const growing = makeRule({
      kind: 'dimensional collapse',
      metric: 'target_effective_rank',
      factor: 3,
      forSteps: 2,
      unlessRises: ['target_var_per_dim'],
    });
    const series = new RuleSeries(rulesOfRun([growing], { hasTarget: false, isByHand: false }));
    const found = [0.1, 0.2, 0.25, 0.26, 0.4].map((pred_var_per_dim, i) => {
      const values: MetricValues = { pred_effective_rank: 2, pred_var_per_dim };
      return series.judge({ step: i + 1, values }).alerts.length;
    });
    expect(found).toEqual([0, 0, 0, 1, 1]);
    expect(series.rules[0]!.expression).toBe('pred_effective_rank < 3 for 2 unless pred_var_per_dim rises');
  });
});
