import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceQuantile } from '#normal/distance-quantile.js';
import { PreparedRuns } from '#normal/reference-runs.js';
import { runsOf } from './records.js';

/** As it is defined: every pair written down. */
function byPairs(columns: readonly Float64Array[], share: number): number {
  const distances = columns.flatMap((column) =>
    [...column].flatMap((x, i) => [...column.subarray(i + 1)].map((y) => Math.abs(x - y))),
  );
  return distances.sort((a, b) => a - b)[Math.ceil(share * distances.length) - 1] ?? Number.NaN;
}

const ascending = (numbers: fc.Arbitrary<number>, maxLength: number) =>
  fc.array(numbers, { maxLength }).map((values) => Float64Array.from(values).sort());

describe('the distance that a share of the pairs keeps', () => {
  it.each([
    ['ordinary numbers', fc.double({ min: -1e3, max: 1e3, noNaN: true })],
    ['few different ones', fc.integer({ min: 0, max: 3 })],
    ['any', fc.double({ noNaN: true, noDefaultInfinity: true })],
  ])('is that of all pairs: %s', (_, numbers) => {
    fc.assert(
      fc.property(
        fc.array(ascending(numbers, 60), { maxLength: 4 }),
        fc.constantFrom(0.5, 0.9, 1),
        (columns, share) => {
          expect(distanceQuantile(columns, share)).toBe(byPairs(columns, share));
        },
      ),
    );
  });

  it('is 0 of numbers that are all the same, and NaN without a pair', () => {
    expect(distanceQuantile([new Float64Array(1000).fill(0.3)], 0.9)).toBe(0);
    expect(distanceQuantile([new Float64Array(1), new Float64Array(0)], 0.9)).toBeNaN();
  });

  it('writes no pairs down: those of 30,000 numbers would take 3.6 GB', () => {
    const count = 30_000;
    // Of 0, 1, 2, … the distance d is there count − d times.
    let [distance, seen] = [0, 0];
    while (seen < (0.9 * count * (count - 1)) / 2) seen += count - ++distance;
    expect(distanceQuantile([Float64Array.from({ length: count }, (_, i) => i)], 0.9)).toBe(distance);
  });
});

describe('runs of a reference', () => {
  it('are bands that do not depend on a step that one of them has alone', () => {
    const curves = Array.from({ length: 5 }, (_, run) => ({
      pred_cos_centered_mean: [0.5, 0.6, 0.7].map((value, k) => value + 0.01 * ((run * 7 + k) % 5)),
    }));
    const reference = runsOf(curves, 0.25);
    const [first, ...others] = reference.runs;
    const added = {
      ...first!,
      steps: [50, ...first!.steps],
      metrics: { pred_cos_centered_mean: [0.4, ...first!.metrics.pred_cos_centered_mean!] },
    };
    const bound = (runs: typeof reference.runs) =>
      new PreparedRuns({ ...reference, runs }).bandsAt(200).get('pred_cos_centered_mean')!.bound;
    expect(bound([added, ...others])).toBe(bound(reference.runs));
  });
});
