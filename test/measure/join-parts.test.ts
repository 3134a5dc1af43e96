import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArrayPool, asOwned } from '#formats/shared/pool.js';
import { joinParts } from '#measure/load/join-parts.js';
import { keepRows } from '#measure/load/load-mask.js';
import { rowOrigin } from '#measure/load/loaded-input.js';
import type { Matrix } from '#numerics/matrix/matrix.js';

const COLS = 3;

/** A matrix of distinct values, cut into shards of the given numbers of rows. */
function shardsOf(sizes: readonly number[]) {
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  const whole: Matrix = { data: Float32Array.from({ length: rows * COLS }, (_, i) => i), rows, cols: COLS };
  let start = 0;
  const parts = sizes.map((size, shard) => {
    const data = asOwned(whole.data.slice(start * COLS, (start + size) * COLS));
    start += size;
    const from = { path: `rank${shard}.npy`, key: null, rows: null, source: 'array' as const, shard };
    return {
      part: { from, dtype: 'float32', shape: [size, COLS], rows: size, notes: [] },
      matrix: { data, rows: size, cols: COLS },
    };
  });
  return { whole, parts };
}

const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 });

describe('shards', () => {
  it('joined are the matrix they were cut from', () => {
    fc.assert(
      fc.property(sizes, (cut) => {
        const { whole, parts } = shardsOf(cut);
        expect(joinParts(parts, { maxMemory: 2 ** 20, pool: new ArrayPool() })).toEqual(whole);
      }),
    );
  });

  it('and masked, every row is still known by where it stands in its file', () => {
    fc.assert(
      fc.property(sizes, fc.infiniteStream(fc.boolean()), (cut, keeps) => {
        const { whole, parts } = shardsOf(cut);
        const kept = Uint32Array.from(
          Array.from({ length: whole.rows }, (_, i) => i).filter(() => keeps.next().value),
        );
        const masked = keepRows(whole, kept);
        expect(masked.rows).toBe(kept.length);
        for (let i = 0; i < masked.rows; i++) {
          const origin = rowOrigin(
            parts.map(({ part }) => part),
            kept,
            i,
          )!;
          const { matrix } = parts.find(({ part }) => part.from.path === origin.path)!;
          const there = matrix.data.slice(origin.row * COLS, (origin.row + 1) * COLS);
          expect(there).toEqual(masked.data.slice(i * COLS, (i + 1) * COLS));
        }
      }),
    );
  });

  it('over the budget together are refused with both numbers', () => {
    const { parts } = shardsOf([2, 2]);
    expect(() => joinParts(parts, { maxMemory: 47, pool: new ArrayPool() })).toThrow(
      '48 bytes are needed at once; the budget is 47',
    );
  });
});
