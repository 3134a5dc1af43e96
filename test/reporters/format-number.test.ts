import { assert, double, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNumber, formatShare } from '#reporters/view/format-number.js';

const finite = double({ noNaN: true, noDefaultInfinity: true });

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [0.2013456, '0.2013'],
    [27.934, '27.93'],
    [-0.5, '-0.5'],
    [1234.56, '1235'],
    [9999.6, '10000'],
    [123_456.7, '123457'],
    [9_999_999, '9999999'],
    [12_345_678, '1.235e7'],
    [0.0001, '0.0001'],
    [0.0000123456, '1.235e-5'],
    [1e-10, '1e-10'],
    [1.01e100, '1.01e100'],
    [5e-324, '4.941e-324'],
    [-Number.MAX_VALUE, '-1.798e308'],
  ])('%d is %s', (x, text) => {
    expect(formatNumber(x)).toBe(text);
  });

  it('stays within a thousandth of the number, in at most 11 columns', () => {
    const check = (x: number) => {
      const text = formatNumber(x);
      expect(text).toMatch(/^-?\d+(\.\d+)?(e-?\d+)?$/);
      expect(text.length).toBeLessThanOrEqual(11);
      const back = Number(text);
      // The largest float64 rounds up to infinity at four digits.
      if (Number.isFinite(back)) expect(Math.abs(back - x)).toBeLessThanOrEqual(Math.abs(x) * 1e-3);
    };
    assert(property(finite, check));
  });
});

describe('formatShare', () => {
  it.each([
    [0.27, 0.2, '135%'],
    [0.08, 0.2, '40%'],
    [38.5, 10, '385%'],
    [2, 2, '100%'],
    [2.001, 2, '100.1%'],
    [1.9999999, 2, '99.9%'],
    [2.000001, 2, '100.1%'],
    [0, 0.2, '0%'],
    [0.00081, 0.2014, '0.4%'],
    [1e-9, 0.2014, '<0.1%'],
    [240, 20, '12×'],
    [1e6, 10, '100000×'],
    [-3, -2, '150%'],
    [-3, 2, '-150%'],
    [1e308, 1e-308, '>1e308×'],
    [Number.MAX_VALUE, -Number.MAX_VALUE, '-100%'],
    [1, 0, ''],
  ] as const)('%d against %d is %s', (value, threshold, text) => {
    expect(formatShare({ value, threshold, operator: '<' })).toBe(text);
  });

  it('is 100% exactly where the value is the bound', () => {
    const check = (value: number, threshold: number) => {
      const text = formatShare({ value, threshold, operator: '<' });
      expect(text).toMatch(threshold === 0 ? /^$/ : /^-?[<>]?[\d.]+(e-?\d+)?[%×]$/);
      if (threshold !== 0) expect(text === '100%').toBe(value / threshold === 1);
    };
    assert(property(finite, finite, check));
  });
});
