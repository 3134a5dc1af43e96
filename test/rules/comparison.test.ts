import { describe, expect, it } from 'vitest';
import { isBeyond, marginOf } from '#rules/language/comparison.js';
import { printRule } from '#rules/language/print-rule.js';
import { RuleSeries } from '#rules/series/series.js';
import { makeRule } from './make-rule.js';

describe('isBeyond', () => {
  it.each([
    ['<', [true, false, false]],
    ['<=', [true, true, false]],
    ['>', [false, false, true]],
    ['>=', [false, true, true]],
  ] as const)('of 1, 2 and 3 %s 2 is %j', (operator, expected) => {
    expect([1, 2, 3].map((value) => isBeyond({ operator, value, threshold: 2 }))).toEqual(expected);
  });
});

describe('marginOf', () => {
  it.each([
    ['<', 3, 2, 0.5],
    ['<', 1, 2, -0.5],
    ['>=', 3, 2, -0.5],
    ['<', -3, -2, -0.5],
    ['<', Number.MAX_VALUE, -Number.MAX_VALUE, 2],
    ['<', 7, 0, 1],
    ['<=', 0, 0, 0],
    ['>', 1e-9, 0, -1],
    ['>', -5, 0, 1],
  ] as const)('of the rule %s at %d against %d is %d', (operator, value, threshold, expected) => {
    expect(marginOf({ operator, value, threshold })).toBe(expected);
  });
});

describe('the horizon that a rule is worst at', () => {
  const worstAt = (parts: Parameters<typeof makeRule>[0], values: readonly number[]) => {
    const rule = makeRule({ metric: 'pred_r2', operator: '<', at: 'any horizon', ...parts });
    const series = new RuleSeries([{ ...rule, expression: printRule(rule) }]);
    const horizons = values.map((value, i) => ({
      number: i + 1,
      values: { pred_r2: value, pred_target_corr: i === 0 ? 0 : 1 },
    }));
    return series.judge({ step: 1, values: {}, horizons }).alerts[0]?.horizon;
  };

  it('is the furthest from a bound of 0', () => {
    expect(worstAt({ factor: 0 }, [-0.1, -0.3, -0.2])).toBe(2);
  });

  it('has all of its value beyond a bound that is 0 there, however small the value', () => {
    expect(worstAt({ factor: 1, of: 'pred_target_corr' }, [-0.001, 0.5])).toBe(1);
  });
});
