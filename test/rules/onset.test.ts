import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onsetOf } from '#rules/diagnosis/onset.js';

const scatter = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 60, maxLength: 60 });

/** A level with scatter of one per cent, and from step `at` on a fall to `share` of it. */
function fallen(noise: readonly number[], before: number, after: number, share: number): number[] {
  return Array.from(
    { length: before + after },
    (_, i) => (i < before ? 1 : share) * (1 + 0.01 * (noise[i] ?? 0)),
  );
}

describe('the step at which a series left what it had been', () => {
  it('is that of a sudden fall, whatever the scatter, the scale and the alert that came later', () => {
    fc.assert(
      fc.property(
        scatter,
        fc.integer({ min: 2, max: 25 }),
        fc.integer({ min: 1, max: 25 }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        (noise, before, after, share, scale) => {
          const values = fallen(noise, before, after, share).map((x) => x * scale);
          expect(onsetOf(values, 'low', before)).toBe(before);
          expect(onsetOf(values, 'low', before + after - 1)).toBe(before);
        },
      ),
    );
  });

  it('does not depend on a warm-up, on steps without a value, or on what comes after the alert', () => {
    fc.assert(
      fc.property(scatter, fc.integer({ min: 3, max: 20 }), (noise, before) => {
        const values = fallen(noise, before, 5, 0.1);
        const warmed = [0.05, 0.1, 0.3, ...values];
        expect(onsetOf(warmed, 'low', 3 + before)).toBe(3 + before);
        const gaps = values.flatMap((value) => [value, null]);
        expect(onsetOf(gaps, 'low', 2 * before)).toBe(2 * before);
        expect(onsetOf([...values, 1, 1, 0], 'low', before + 1)).toBe(onsetOf(values, 'low', before + 1));
      }),
    );
  });

  it('is before the alert in a slow fall, and after what scatters', () => {
    const slow = [1, 1.01, 0.99, 1, 1.01, 1, 0.8, 0.6, 0.4, 0.3, 0.2, 0.1];
    expect(onsetOf(slow, 'low', 11)).toBe(6);
    const rising = [0.1, 0.12, 0.09, 0.11, 0.1, 0.5, 0.9, 0.9995];
    expect(onsetOf(rising, 'high', 7)).toBe(5);
  });

  it('lies between the first step with a value and the alert, for any values', () => {
    const value = fc.option(fc.double({ noNaN: false }), { nil: null });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 30 }),
        fc.constantFrom('low' as const, 'high' as const),
        fc.nat(),
        (values, bad, n) => {
          const tripped = n % values.length;
          const onset = onsetOf(values, bad, tripped);
          expect(onset).toBeGreaterThanOrEqual(0);
          expect(onset).toBeLessThanOrEqual(tripped);
        },
      ),
    );
  });

  it('is the first step where nothing was better', () => {
    expect(onsetOf([0.1], 'low', 0)).toBe(0);
    expect(onsetOf([0, 0, 0], 'low', 0)).toBe(0);
    expect(onsetOf([null, 0.2, 0.1], 'low', 1)).toBe(1);
  });
});
