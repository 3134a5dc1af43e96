import { describe, expect, it } from 'vitest';
import { eachTimesPowerOfTwo, exponentOf, timesPowerOfTwo } from '#numerics/floating/power-of-two.js';

const EXPONENTS = Array.from({ length: 1024 + 1074 }, (_, i) => i - 1074);

/** 2^e by doubling and halving alone. */
function powerOfTwo(e: number): number {
  let x = 1;
  for (let i = 0; i < Math.abs(e); i++) x = e < 0 ? x / 2 : x * 2;
  return x;
}

describe('exponentOf', () => {
  it('is right at, just above and just below every power of two', () => {
    for (const e of EXPONENTS) {
      const x = powerOfTwo(e);
      expect(exponentOf(x), `2^${e}`).toBe(e);
      if (e > -1022) {
        expect(exponentOf(x * (1 + Number.EPSILON)), `above 2^${e}`).toBe(e);
        expect(exponentOf(x * (1 - Number.EPSILON / 2)), `below 2^${e}`).toBe(e - 1);
      }
    }
  });
});

describe('timesPowerOfTwo', () => {
  it('is exact where the result is normal', () => {
    for (const e of EXPONENTS.filter((e) => e >= -1022)) {
      for (const from of [-1022, -500, 0, 500, 1023]) {
        expect(timesPowerOfTwo(1.75 * powerOfTwo(from), e - from), `${from} to ${e}`).toBe(
          1.75 * powerOfTwo(e),
        );
      }
    }
  });

  it('rounds once where the result is subnormal', () => {
    // 1.1 · 2^-1060 and its like, from far above and from near: one rounding gives the same in each way.
    for (const mantissa of [1.1, 1.5 + 2 ** -13, 1 + 2 ** -52]) {
      for (const e of [-1070, -1060, -1040, -1023]) {
        const expected = mantissa * 2 ** -1000 * 2 ** (e + 1000);
        for (const from of [0, 500, 1000]) {
          expect(timesPowerOfTwo(mantissa * 2 ** from, e - from), `${from} to ${e}`).toBe(expected);
        }
      }
    }
  });

  it('lifts subnormals', () => {
    expect(timesPowerOfTwo(Number.MIN_VALUE, 1074)).toBe(1);
    expect(timesPowerOfTwo(3 * Number.MIN_VALUE, 2000)).toBe(3 * 2 ** 926);
  });

  it('overflows to Infinity and underflows to 0', () => {
    expect(timesPowerOfTwo(1, 1024)).toBe(Number.POSITIVE_INFINITY);
    expect(timesPowerOfTwo(-1, 2100)).toBe(Number.NEGATIVE_INFINITY);
    expect(timesPowerOfTwo(1, -1076)).toBe(0);
    expect(timesPowerOfTwo(1, -2100)).toBe(0);
  });

  it.each([-2100, -1023, -1022, -7, 0, 9, 1023, 1024, 2000])('each of many, by 2^%i', (e) => {
    const values = [0, -0, 1.1, -3e-300, 7e300, Number.MIN_VALUE, Number.MAX_VALUE];
    expect(Array.from(eachTimesPowerOfTwo(Float64Array.from(values), e))).toEqual(
      values.map((x) => timesPowerOfTwo(x, e)),
    );
  });
});
