import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillWithNormals } from '#kernels/normals.js';
import { serialKernels } from '#kernels/serial/serial.js';
import { gaussian } from '../metrics/gaussian.js';
import { expectClose } from '../tolerances.js';
import { BUILDS, FAST_BUILDS, required } from './builds.js';

describe.each(BUILDS)('$name', (kernels) => {
  it('writes the normals of the definition, from any number on', () => {
    fc.assert(
      fc.property(
        fc.nat(0xffffffff),
        fc.oneof(
          fc.nat(9),
          fc.maxSafeNat().map((n) => Math.floor(n / 8)),
        ),
        fc.integer({ min: 1, max: 40 }),
        (seed, from, count) => {
          const [actual, expected] = [new Float64Array(count), new Float64Array(count)];
          kernels.fillWithNormals(actual, seed, from);
          fillWithNormals(expected, seed, from);
          // A cosine near 0 keeps 2^-53 of 1: that is what its angle was rounded to.
          for (const [k, x] of expected.entries()) expectClose(8 + actual[k]!, 8 + x, 'kernel');
        },
      ),
    );
  });

  it('has no hole between what it draws at a time', () => {
    const [actual, expected] = [new Float64Array(70_001), new Float64Array(70_001)];
    kernels.fillWithNormals(actual, 7, 3);
    fillWithNormals(expected, 7, 3);
    for (const [k, x] of expected.entries()) expectClose(8 + actual[k]!, 8 + x, 'kernel');
  });

  it('projects rows on them', () => {
    // numpy: default_rng is another generator, so the definition itself: the normals one after the other.
    const [rows, cols, count] = [2, 3, 4];
    const x = Float32Array.of(1, 0, -2, 0.5, 3, 0);
    const normals = new Float64Array(count * cols);
    fillWithNormals(normals, 5, 0);
    const found = kernels.projectOnNormals({ x, rows, cols, count, seed: 5 });
    for (let i = 0; i < count; i++) {
      const [a, b, c] = normals.subarray(i * cols) as unknown as [number, number, number];
      const expected = [a - 2 * c, a / 2 + 3 * b, a * a + b * b + c * c];
      for (const [k, value] of expected.entries()) expectClose(found[i * 3 + k], value, 'kernel');
    }
  });
});

describe.each(FAST_BUILDS)('$name', (kernels) => {
  it.each([
    [1, 1],
    [4, 33_000],
    [70, 2500],
    [131_073, 2],
  ])('agrees with the serial build on %i rows of %i columns', (rows, cols) => {
    const sets = { x: gaussian(rows, cols, 2).data, rows, cols, count: 5, seed: 1 };
    const expected = serialKernels.projectOnNormals(sets);
    const scale = 10 * Math.sqrt(cols);
    const actual = kernels.projectOnNormals(sets);
    expect(actual).toHaveLength(expected.length);
    for (const [k, value] of expected.entries()) expectClose(scale + actual[k]!, scale + value, 'kernel');
  });
});

it('any number of threads gives the same bits', () => {
  const sets = { x: gaussian(5, 3000, 2).data, rows: 5, cols: 3000, count: 64, seed: 0 };
  const [alone, helped] = [1, 3].map((threads) => required('relaxed', threads).projectOnNormals(sets));
  expect(helped).toEqual(alone);
});
