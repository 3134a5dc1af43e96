import { describe, expect, it } from 'vitest';
import { firstNonFinite } from '#numerics/matrix/check-matrix.js';
import { MatrixInMemory } from '#numerics/matrix/matrix-in-memory.js';

const BAD = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

describe.each([Float32Array, Float64Array])('in a %o', (Values) => {
  it.each(BAD)('%d is found wherever it stands', (bad) => {
    for (const at of [0, 1, 3, 4095, 4096, 4097, 8191, 10_000, 10_001, 10_002]) {
      const data = new Values(10_003).fill(1.5);
      data[at] = bad;
      expect(firstNonFinite(data)).toBe(at);
    }
  });

  it('the first of several, also where they cancel', () => {
    const data = new Values(9000);
    data.set([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], 5000);
    data[8999] = Number.NaN;
    expect(firstNonFinite(data)).toBe(5000);
  });

  it('nothing is found among finite values of any size', () => {
    expect(firstNonFinite(new Values(0))).toBe(-1);
    const largest = Values === Float32Array ? 2 ** 127 : Number.MAX_VALUE;
    expect(firstNonFinite(new Values(9001).fill(largest))).toBe(-1);
    expect(firstNonFinite(new Values(9001).fill(-largest))).toBe(-1);
  });
});

it('a NaN after values whose sum overflows is still the one that is named', () => {
  const data = new Float64Array(6 * 2000).fill(Number.MAX_VALUE);
  data[11_005] = Number.NaN;
  expect(() => new MatrixInMemory('prediction', { data, rows: 6, cols: 2000 })).toThrow(
    expect.objectContaining({ code: 'E207', message: 'prediction has NaN at row 5, column 1005' }),
  );
});
