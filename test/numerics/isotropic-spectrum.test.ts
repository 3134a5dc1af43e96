import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isotropicShares } from '#numerics/spectra/isotropic-spectrum.js';
import { isotropicEffectiveRank } from '#numerics/spectra/marchenko-pastur.js';
import { expectClose } from '../tolerances.js';

const ranksOf = (rows: number, dims: number) =>
  Array.from({ length: Math.min(rows - 1, dims) }, (_, i) => i + 1);

describe('isotropicShares', () => {
  // Means of 200 to 20,000 batches that numpy.random.default_rng(0) drew, their singular values by numpy.linalg.svd.
  it.each([
    [256, 32, [1, 2, 9, 17, 25, 31, 32], [0.05505, 0.05167, 0.03902, 0.02933, 0.0214, 0.0153, 0.01385]],
    [64, 256, [1, 2, 16, 32, 48, 62, 63], [0.03436, 0.03264, 0.02179, 0.01453, 0.009099, 0.004746, 0.004276]],
    [129, 128, [1, 2, 33, 65, 97], [0.03024, 0.02869, 0.01243, 0.005002, 0.001172]],
    [9, 8, [1, 2, 3], [0.385, 0.2489, 0.1637]],
    [3, 5, [1, 2], [0.7655, 0.2345]],
    [2, 7, [1], [1]],
  ])('of %i rows by %i are what simulated batches show', (rows, dims, ranks, expected) => {
    for (const [i, share] of isotropicShares(rows, dims, ranks).entries()) {
      expectClose(share, expected[i]!, 'isotropic_share', `rank ${ranks[i]}`);
    }
  });

  it('have the effective rank that the quadrature of the same law gives', () => {
    for (const [rows, dims] of [
      [1024, 192],
      [129, 128],
      [300, 2000],
    ] as const) {
      const singular = isotropicShares(rows, dims, ranksOf(rows, dims)).map(Math.sqrt);
      const total = singular.reduce((sum, s) => sum + s, 0);
      const entropy = singular.reduce((sum, s) => sum - (s / total) * Math.log(s / total), 0);
      expectClose(Math.exp(entropy), isotropicEffectiveRank(rows, dims), 'isotropic_share');
    }
  });

  it('fall, stay within the law’s edges and sum to 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 400 }), fc.integer({ min: 1, max: 400 }), (rows, dims) => {
        const shares = isotropicShares(rows, dims, ranksOf(rows, dims));
        const count = shares.length;
        const gamma = count / Math.max(rows - 1, dims);
        for (const [i, share] of shares.entries()) {
          if (i > 0) expect(share).toBeLessThan(shares[i - 1]!);
          expect(share * count).toBeLessThanOrEqual((1 + Math.sqrt(gamma)) ** 2);
          expect(share * count).toBeGreaterThanOrEqual((1 - Math.sqrt(gamma)) ** 2);
        }
        expectClose(
          shares.reduce((sum, share) => sum + share, 0),
          1,
          'isotropic_share_sum',
        );
      }),
    );
  });

  it('are equal where rows are endless, and none for one row', () => {
    for (const share of isotropicShares(1e9, 4, [1, 2, 3, 4])) expectClose(share, 0.25, 'isotropic_share');
    expect(isotropicShares(1, 4, [])).toEqual([]);
  });
});
