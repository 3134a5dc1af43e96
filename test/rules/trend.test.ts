import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jepaRules } from '#rules/presets/jepa.js';
import { RuleSeries } from '#rules/series/series.js';
import type { MetricValues } from '#rules/series/values.js';
import { makeRule } from './make-rule.js';

const low = makeRule({ metric: 'target_effective_rank', factor: 6, forSteps: 2, unlessRecovering: true });

/** At which step, of saved ones, the rule alerts first; -1 for never. */
function firstAlert(values: readonly number[], rule = low, untrained?: number): number {
  const series = new RuleSeries([rule]);
  if (untrained !== undefined) series.noteUntrained({ values: { [rule.metric]: untrained } });
  return values.findIndex(
    (value, i) => series.judge({ step: i + 1, values: { [rule.metric]: value } }).alerts.length > 0,
  );
}

describe('a movement', () => {
  it('is seen over a tenth of the steps where many are judged', () => {
    const rule = { ...low, unlessRises: ['target_std_l2_normalized'] } as const;
    /** Of 60 steps: the first alert where the rank falls at step 40, while the spread grows by so much a step. */
    const alertAt = (growth: number) => {
      const series = new RuleSeries([rule]);
      const steps = Array.from({ length: 60 }, (_, i) => i + 1);
      return steps.find((step) => {
        const values = {
          target_effective_rank: step < 40 ? 8 : 4,
          target_std_l2_normalized: 0.05 * growth ** step,
        };
        return series.judge({ step, values }).alerts.length > 0;
      });
    };
    expect(alertAt(1.01)).toBeUndefined();
    expect(alertAt(1.001)).toBe(41);
  });

  it('is measured from the step before where few are', () => {
    expect(firstAlert([3, 3.2, 3.4, 3.6, 3.8, 4])).toBe(-1);
    expect(firstAlert([3, 3.05, 3.1])).toBe(1);
  });

  it('goes on from a state as if it had never stopped, whatever the values', () => {
    const value = fc.double({ min: 0.01, max: 10, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 45 }), (values) => {
        const rules = [
          low,
          makeRule({ id: 'other', metric: 'target_var_per_dim', of: 'trained peak', factor: 0.5 }),
        ];
        let resumed = new RuleSeries(rules);
        const whole = new RuleSeries(rules);
        for (const series of [resumed, whole]) series.noteUntrained({ values: { target_var_per_dim: 1 } });
        for (const [i, x] of values.entries()) {
          resumed = RuleSeries.fromJSON(rules, JSON.parse(JSON.stringify(resumed.toJSON())));
          const input = { step: i + 1, values: { target_effective_rank: x, target_var_per_dim: x } };
          expect(resumed.judge(input)).toEqual(whole.judge(input));
        }
      }),
    );
  });
});

describe('a trained peak', () => {
  const lost = makeRule({ metric: 'target_var_per_dim', operator: '<', factor: 0.1, of: 'trained peak' });

  it('is there after a rise that takes many steps', () => {
    const slow = Array.from({ length: 100 }, (_, i) => 0.1 * 1.03 ** i);
    expect(firstAlert([...slow, 0.1], lost, 1)).toBe(100);
  });

  it('is there where a trained network was at step 0 and has stayed what it was', () => {
    expect(firstAlert([1, 1.01, 0.99, 1, 1, 0.05], lost, 1)).toBe(5);
    expect(firstAlert([1, 0.7, 0.5, 0.35, 0.25, 0.15, 0.08, 0.02], lost, 1)).toBe(-1);
    expect(firstAlert([0.5, 0.5, 0.5, 0.2, 0.2, 0.04], lost, 1)).toBe(-1);
  });
});

describe('a prediction as large as least squares makes it', () => {
  const rules = jepaRules();
  const alerts = (values: MetricValues) => {
    const series = new RuleSeries(rules);
    const found = [1, 2, 3, 4].map((step) => series.judge({ step, values }).alerts);
    return found.flat().length > 0;
  };

  it('is right whatever its cosine is, above chance; a smaller or a larger one is not', () => {
    // Below half a hundredth of the variance another rule calls it the mean.
    const cosine = fc.double({ min: 0.075, max: 0.19, noNaN: true });
    const share = fc.double({ min: 1.11, max: 2.5, noNaN: true });
    fc.assert(
      fc.property(cosine, share, (c, k) => {
        const of = (ratio: number) =>
          alerts({ pred_target_var_ratio: ratio, pred_cos_centered_mean: c, pred_r2: 0 });
        expect(of(k * c ** 2)).toBe(false);
        expect(of(0.3 * c ** 2)).toBe(true);
        if (c < 0.1) expect(of(7 * c ** 2)).toBe(7 * c ** 2 < 0.1);
      }),
    );
  });
});
