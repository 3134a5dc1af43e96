import { describe, expect, it } from 'vitest';
import { RunningSum } from '#numerics/floating/running-sum.js';

function sumOf(values: Iterable<number>): number {
  const sum = new RunningSum();
  for (const x of values) sum.add(x);
  return sum.value;
}

describe('RunningSum', () => {
  it('of nothing is 0', () => {
    expect(new RunningSum().value).toBe(0);
  });

  it('keeps what a plain sum loses', () => {
    expect(sumOf([1, 1e100, 1, -1e100])).toBe(2);
    expect(sumOf([1e16, 1, 1, -1e16])).toBe(2);
    expect(sumOf(Array.from({ length: 10 }, () => 0.1))).toBe(1);
  });

  it('does not drift over a million terms', () => {
    // 0.1 is 0.1 + 5.55e-18: a million of them are 100000 + 5.55e-12, which rounds to 100000.
    expect(sumOf(Array.from({ length: 1e6 }, () => 0.1))).toBe(100_000);
  });

  it('says which way it overflowed', () => {
    expect(sumOf([1e308, 1e308])).toBe(Number.POSITIVE_INFINITY);
    expect(sumOf([-1e308, -1e308, 1])).toBe(Number.NEGATIVE_INFINITY);
  });
});
