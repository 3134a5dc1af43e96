import { describe, expect, it } from 'vitest';
import { percentText } from '#rules/language/number-text.js';
import { RFC_0005_THRESHOLDS, rfc0005Rules } from '#rules/presets/rfc-0005.js';

describe('rfc0005Rules', () => {
  it('has the defaults of the reference', () => {
    expect(RFC_0005_THRESHOLDS).toEqual({ predVarToTargetVar: 0.5, pairwiseToInitial: 0.5, klRegMax: 10 });
    expect(rfc0005Rules()).toEqual(rfc0005Rules(RFC_0005_THRESHOLDS));
  });

  it("keeps the reference's order, names criteria after their metrics and judges at level error", () => {
    const rules = rfc0005Rules();
    expect(rules.map((rule) => rule.id)).toEqual(['pred_var_per_dim', 'pairwise_pred_dist_mean', 'kl_reg']);
    for (const rule of rules) {
      expect(rule.metric).toBe(rule.id);
      expect(rule).toMatchObject({ level: 'error', forSteps: 1, after: null });
    }
  });

  it('is strict', () => {
    expect(rfc0005Rules().map((rule) => rule.operator)).toEqual(['<', '<', '>']);
  });

  it('reads as a user would write it', () => {
    expect(rfc0005Rules().map((rule) => rule.expression)).toEqual([
      'pred_var_per_dim < 50% of target_var_per_dim',
      'pairwise_pred_dist_mean < 50% of baseline',
      'kl_reg > 10',
    ]);
    const odd = rfc0005Rules({ predVarToTargetVar: 0.07, pairwiseToInitial: 0.125, klRegMax: 2.5 });
    expect(odd.map((rule) => rule.expression)).toEqual([
      'pred_var_per_dim < 7% of target_var_per_dim',
      'pairwise_pred_dist_mean < 12.5% of baseline',
      'kl_reg > 2.5',
    ]);
  });

  it('carries the thresholds unchanged', () => {
    const rules = rfc0005Rules({ predVarToTargetVar: 0.07, pairwiseToInitial: 1.5, klRegMax: 1e-3 });
    expect(rules.map((rule) => [rule.factor, rule.of])).toEqual([
      [0.07, 'target_var_per_dim'],
      [1.5, 'baseline'],
      [1e-3, null],
    ]);
  });
});

describe('percentText', () => {
  it.each([
    [0.5, '50%'],
    [0.07, '7%'],
    [0.29, '29%'],
    [1, '100%'],
    [1.1, '110%'],
    [1 / 3, '33.3333333333333%'],
    [1e-9, '1e-7%'],
  ])('%s is %s', (factor, text) => {
    expect(percentText(factor)).toBe(text);
  });
});
