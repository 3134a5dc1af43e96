import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SLAB } from '#kernels/constants.js';
import type { Bounds, Comparison, RowSets } from '#kernels/kernels.js';
import { runs } from '../support/thorough.js';
import { BUILDS } from './builds.js';
import { sampleOf } from './samples.js';

/** What one pair is by the definition: above, open (null) or below. */
function verdict(g: number, { ofX, ofY }: Comparison, i: number, j: number): boolean | null {
  const room = ofX.room[i]! * ofY.room[j]!;
  if (g - ofY.most[j]! - room > ofX.most[i]!) return true;
  return g - ofY.least[j]! + room < ofX.least[i]! ? false : null;
}

function productOf({ x, y, cols }: RowSets, { mean, scale }: Comparison, i: number, j: number): number {
  let g = 0;
  for (let k = 0; k < cols; k++) g += (x[i * cols + k]! - mean[k]!) * (y[j * cols + k]! - mean[k]!);
  return g * scale * scale;
}

const whole = (count: number, from: number, seed: number) =>
  Float64Array.from({ length: count }, (_, k) => from + ((k * 7919 + seed) % 11));

/** Shapes about the edges of tiles, blocks, words of bits and slabs. */
const SHAPES = [
  [1, 1, 1],
  [5, 8, 2],
  [6, 9, SLAB],
  [13, 33, SLAB + 1],
  [61, 121, 3],
  [73, 145, 5],
  [130, 31, 2 * SLAB + 7],
  [3, 1100, 4],
] as const;

describe.each(BUILDS)('$name: compareProducts', ({ compareProducts }) => {
  it.each(SHAPES)('is the definition on whole numbers, %i × %i rows of %i', (xRows, yRows, cols) => {
    const sets = { x: whole(xRows * cols, -5, 3), xRows, y: whole(yRows * cols, -5, 1), yRows, cols };
    const scale = 2 ** -9;
    const bounds = (rows: number, seed: number): Bounds => {
      const least = Float32Array.from(whole(rows, -5, seed), (v) => v * cols * scale * scale);
      return {
        least,
        most: least.map((v, i) => v + (i % 3) * scale * scale),
        room: least.map((_, i) => (i % 4) * scale),
      };
    };
    const comparison = { mean: whole(cols, 0, 2), scale, ofX: bounds(xRows, 4), ofY: bounds(yRows, 6) };
    const { above, open } = compareProducts(sets, comparison);
    const words = Math.ceil(yRows / 32);
    const expected = { above: new Uint32Array(xRows), open: new Uint32Array(xRows * words) };
    for (let i = 0; i < xRows; i++) {
      for (let j = 0; j < yRows; j++) {
        const found = verdict(productOf(sets, comparison, i, j), comparison, i, j);
        if (found === true) expected.above[i]! += 1;
        if (found === null) expected.open[i * words + (j >> 5)]! |= 1 << (j & 31);
      }
    }
    expect({ above, open }).toEqual(expected);
  });

  it('errs by no more than is promised', () => {
    const shapes = fc.record({
      rows: fc.integer({ min: 2, max: 90 }),
      cols: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 250, max: 600 })),
      kind: fc.constantFrom('normal', 'offset', 'clusters', 'outlier', 'duplicates' as const),
      single: fc.boolean(),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(shapes, (shape) => {
        const { x, rows, cols, centre } = sampleOf(shape);
        const sets = { x, xRows: rows, y: x, yRows: rows, cols };
        const lengths = (scale: number) => {
          const own = { ...zero, mean: centre.mean, scale };
          return Array.from({ length: rows }, (_, i) => Math.sqrt(productOf(sets, own, i, i)));
        };
        const zero = { ofX: boundsOf(new Float32Array(rows)), ofY: boundsOf(new Float32Array(rows)) };
        const scale = 2 ** -Math.ceil(Math.log2(Math.max(...lengths(1), Number.MIN_VALUE)) + 1);
        const own = lengths(scale);
        // Each row is compared with what its product with some other is, or nearly.
        const at = Float32Array.from({ length: rows }, (_, i) =>
          productOf(sets, { ...zero, mean: centre.mean, scale }, i, (i * 5 + 1) % rows),
        );
        const comparison = { ...zero, mean: centre.mean, scale, ofX: boundsOf(at) };
        const { above, open } = compareProducts(sets, comparison);
        const words = Math.ceil(rows / 32);
        for (let i = 0; i < rows; i++) {
          let [least, most] = [0, 0];
          for (let j = 0; j < rows; j++) {
            const apart = productOf(sets, comparison, i, j) - at[i]!;
            const share = (SLAB + cols / SLAB + 4) * 2 ** -24;
            const error = share * own[i]! * own[j]! * (1 + 1e-9) + cols * 2 ** -140;
            if (apart > error) least++;
            if (apart > -error) most++;
            const isOpen = ((open[i * words + (j >> 5)]! >>> (j & 31)) & 1) === 1;
            expect(isOpen && Math.abs(apart) > error, `${i}, ${j}`).toBe(false);
          }
          expect(above[i]).toBeGreaterThanOrEqual(least);
          expect(above[i]).toBeLessThanOrEqual(most);
        }
      }),
      runs(150),
    );
  });
});

/** Bounds that leave only equal products open. */
function boundsOf(at: Float32Array): Bounds {
  return { least: at, most: at, room: new Float32Array(at.length) };
}
