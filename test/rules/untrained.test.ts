import { describe, expect, it } from 'vitest';
import type { EarlierSteps, Rule } from '#rules/language/rule.js';
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
    expect(alertsAt(below('highest'), [0.6, 0.4, 2, 0.9], 1)).toEqual([0.4, 0.9]);
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
    expect(alertsAt(below('trained peak'), [0.4, 0.2, 0.6, 0.25], 1)).toEqual([0.25]);
    expect(alertsAt(below('trained peak'), [3, 1.4], 1)).toEqual([1.4]);
    expect(alertsAt(below('trained peak'), [1.04, 0.3], 1)).toEqual([]);
  });

  it('is the peak where there was no step 0', () => {
    expect(alertsAt(below('trained peak'), [1, 0.6, 0.4])).toEqual(alertsAt(below('peak'), [1, 0.6, 0.4]));
  });

  it('goes on from a state as if it had never stopped', () => {
    const rules = [below('trained peak'), { ...below('highest'), id: 'other' }];
    const steps = [0.7, 0.6, 0.9, 0.4, 0.3].map((value) => ({ target_var_per_dim: value }));
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

describe('a warm-up that a rule finds by its second condition', () => {
  const rule = makeRule({
    id: 'rule',
    metric: 'pred_target_var_ratio',
    operator: '<',
    factor: 0.1,
    of: null,
    forSteps: 2,
    unlessRecovering: true,
    where: { metric: 'pred_cos_centered_mean', operator: '<', factor: 0.2, of: null },
  });
  const alerts = (cosines: readonly number[], ratio = 0.01) => {
    const series = new RuleSeries([rule]);
    return cosines.map((cosine, i) => {
      const values: MetricValues = { pred_target_var_ratio: ratio, pred_cos_centered_mean: cosine };
      return series.judge({ step: i + 1, values }).alerts.length > 0;
    });
  };

  it('waits while the cosine rises by more than a quarter of its bound', () => {
    expect(alerts([0, 0.06, 0.12, 0.18, 0.18])).toEqual([false, false, false, false, true]);
  });

  it('is no warm-up that far below the bound', () => {
    expect(alerts([0, 0.06, 0.12], 1e-6)).toEqual([false, true, true]);
  });

  it('takes the noise of a dead predictor for none', () => {
    expect(alerts([0.01, 0.03, -0.02, 0.02])).toEqual([false, true, true, true]);
  });
});
