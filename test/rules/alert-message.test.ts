import { describe, expect, it } from 'vitest';
import { alertMessage } from '#rules/diagnosis/alert-message.js';
import { rfc0005Rules } from '#rules/presets/rfc-0005.js';
import { makeRule } from './make-rule.js';

const [variance, pairwise, kl] = rfc0005Rules();

describe('alertMessage', () => {
  it('shows value, operator, bound and what the bound is a share of', () => {
    expect(alertMessage({ rule: variance!, value: 0.0102, threshold: 0.2013 })).toBe(
      'pred_var_per_dim 0.0102 < 0.2013 (50% of target_var_per_dim)',
    );
    expect(alertMessage({ rule: pairwise!, value: 1 / 3, threshold: 6.15 })).toBe(
      'pairwise_pred_dist_mean 0.3333 < 6.15 (50% of baseline)',
    );
  });

  it('shows an absolute bound alone', () => {
    expect(alertMessage({ rule: kl!, value: 51.9, threshold: 10 })).toBe('kl_reg 51.9 > 10');
  });

  it('tells of a row of steps', () => {
    const rule = makeRule({ forSteps: 3 });
    expect(alertMessage({ rule, value: 0, threshold: 1 })).toBe('pred_var_per_dim 0 < 1 for 3 steps or more');
  });

  it('never shows two different numbers alike', () => {
    expect(alertMessage({ rule: kl!, value: 10.000001, threshold: 10 })).toBe('kl_reg 10.000001 > 10');
    expect(alertMessage({ rule: kl!, value: 10 + 2 ** -49, threshold: 10 })).toBe(
      `kl_reg ${10 + 2 ** -49} > 10`,
    );
  });

  it('shows equal numbers alike for an operator that allows them', () => {
    const rule = makeRule({ operator: '<=' });
    expect(alertMessage({ rule, value: 1, threshold: 1 })).toBe('pred_var_per_dim 1 <= 1');
  });
});
