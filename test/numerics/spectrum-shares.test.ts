import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MatrixInMemory } from '#numerics/matrix/matrix-in-memory.js';
import { keptRanks, spectrumShares } from '#numerics/spectra/spectrum-shares.js';
import { expectClose } from '../tolerances.js';

const embedding = (rows: number, cols: number, data: number[]) =>
  new MatrixInMemory('prediction', { data: Float64Array.from(data), rows, cols });

describe('keptRanks', () => {
  it('are all of them up to 64', () => {
    expect(keptRanks(256, 4)).toEqual([1, 2, 3, 4]);
    expect(keptRanks(4, 256)).toEqual([1, 2, 3]);
    expect(keptRanks(65, 64)).toHaveLength(64);
    expect(keptRanks(1, 64)).toEqual([]);
  });

  it('are 64 of more, rising, the first and the last among them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 65, max: 1e7 }), (count) => {
        const ranks = keptRanks(count + 1, count);
        expect(ranks).toHaveLength(64);
        expect([ranks[0], ranks.at(-1)]).toEqual([1, count]);
        for (let i = 1; i < 64; i++) expect(ranks[i]).toBeGreaterThan(ranks[i - 1]!);
      }),
    );
  });
});

describe('spectrumShares', () => {
  it('are the variances along the axes of a known batch', () => {
    // Columns (±2, ±1), centred and uncorrelated: variances 4 and 1, and a far offset that is no variance.
    const batch = embedding(4, 3, [1002, 1, 5, 1002, -1, 5, 998, 1, 5, 998, -1, 5]);
    const shares = spectrumShares(batch, keptRanks(4, 3));
    expect(shares).toHaveLength(3);
    expectClose(shares?.[0], 0.8, 'top_eigenvalue_share');
    expectClose(shares?.[1], 0.2, 'top_eigenvalue_share');
    expect(shares?.[2]).toBe(0);
  });

  it('are none where all rows are the same', () => {
    expect(spectrumShares(embedding(3, 2, [1, 2, 1, 2, 1, 2]), [1, 2])).toBeNull();
  });
});
