import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Directions, Kernels } from '#kernels/kernels.js';
import { readGolden } from '../metrics/golden-files.js';
import { normals } from '../support/normals.js';
import { runs } from '../support/thorough.js';
import { BUILDS } from './builds.js';

const MULTIPLES = 16;
/** Of cos kθ and sin kθ, each from the ones before. */
const OF_ONE = 2e-14;

/** The cosines and sines of each projection alone: one row of one column, projected on its multiples. */
function ofEach({ phaseSums }: Kernels, projections: readonly number[], step: number) {
  const directions = directionsOf(Float64Array.from(projections), 1);
  return phaseSums({ x: Float64Array.of(1), rows: 1, cols: 1, directions, step, limit: 1e8 });
}

function directionsOf(all: Float64Array, cols: number): Directions {
  return {
    count: all.length / cols,
    draw: (from, count) => all.slice(from * cols, (from + count) * cols),
  };
}

const golden = readGolden<{
  step: number;
  values: { projection: number; cosines: number[]; sines: number[] }[];
}>('golden/phases.json');

const anySize = fc.oneof(
  fc.double({ min: -40, max: 40, noNaN: true }),
  fc.double({ min: -1e8, max: 1e8, noNaN: true }),
  fc
    .tuple(fc.integer({ min: -300, max: 7 }), fc.double({ min: -9.99, max: 9.99, noNaN: true }))
    .map(([e, m]) => m * 10 ** e),
  // Beside the multiples of π/2, where one of both is all but 0.
  fc
    .tuple(fc.integer({ min: -11_000_000, max: 11_000_000 }), fc.integer({ min: -3, max: 3 }))
    .map(([n, ulps]) => {
      const at = (n * Math.PI) / 2 / 0.1875;
      return at + ulps * Math.abs(at) * 2 ** -52;
    }),
);

describe.each(BUILDS)('$name: phases of projections', (kernels) => {
  it.each(golden.values)('of $projection, as mpmath has them', ({ projection, cosines, sines }) => {
    const actual = ofEach(kernels, [projection], golden.step);
    for (let k = 0; k < MULTIPLES; k++) {
      expect(Math.abs(actual.cosines[k]! - cosines[k]!), `cos ${k + 1}θ`).toBeLessThan(OF_ONE);
      expect(Math.abs(actual.sines[k]! - sines[k]!), `sin ${k + 1}θ`).toBeLessThan(OF_ONE);
    }
  });

  it('are those of Math.cos and Math.sin, whatever the size', () => {
    fc.assert(
      fc.property(fc.array(anySize, { minLength: 1, maxLength: 60 }), (projections) => {
        const { cosines, sines } = ofEach(kernels, projections, 0.1875);
        for (const [i, projection] of projections.entries()) {
          const theta = 0.1875 * projection;
          const [c, s] = [Math.cos(theta), Math.sin(theta)];
          expect(Math.abs(cosines[i * MULTIPLES]! - c)).toBeLessThan(4e-16);
          expect(Math.abs(sines[i * MULTIPLES]! - s)).toBeLessThan(4e-16);
          let [re, im] = [c, s];
          for (let k = 1; k < MULTIPLES; k++) {
            [re, im] = [re * c - im * s, re * s + im * c];
            expect(Math.abs(cosines[i * MULTIPLES + k]! - re)).toBeLessThan(OF_ONE);
            expect(Math.abs(sines[i * MULTIPLES + k]! - im)).toBeLessThan(OF_ONE);
          }
        }
      }),
      runs(300),
    );
  });

  it('are NaN past the limit, for that direction alone', () => {
    const next = 1e8 * (1 + 2 ** -52);
    const beyond = [next, -next, 1e9, -1e300, Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NaN];
    for (const projection of beyond) {
      const { cosines, sines } = ofEach(kernels, [1, projection, -1e8], 0.1875);
      const wrong = [...cosines, ...sines].map(Number.isNaN);
      const expected = Array.from({ length: 6 * MULTIPLES }, (_, k) => Math.floor(k / MULTIPLES) % 3 === 1);
      expect(wrong, String(projection)).toEqual(expected);
    }
  });

  it('are NaN where products overflow', () => {
    const x = Float64Array.of(1e300, -1e300, 1, 1);
    const directions = directionsOf(Float64Array.of(1e300, 1e300, 0.6, 0.8), 2);
    const { cosines } = kernels.phaseSums({ x, rows: 2, cols: 2, directions, step: 0.1875, limit: 1e8 });
    expect([...cosines].every(Number.isNaN)).toBe(true);
  });

  it.each([
    [1, 1, 1],
    [2, 3, 4],
    [5, 2, 47],
    [119, 7, 49],
    [121, 9, 97],
    [263, 300, 12],
    [4100, 129, 52],
  ])('of %i rows of %i columns on %i directions are the sums over the rows', (rows, cols, count) => {
    const noise = normals(rows);
    const x = Float32Array.from({ length: rows * cols }, noise);
    const all = Float64Array.from({ length: count * cols }, () => noise() / Math.sqrt(cols));
    const projected = { x, rows, cols, directions: directionsOf(all, cols), step: 0.1875, limit: 1e8 };
    // Twice, since directions stay packed, with another operation and other directions between.
    const first = kernels.phaseSums(projected);
    kernels.sumPairwiseDistances(x, rows, cols);
    expect(kernels.phaseSums(projected)).toEqual(first);
    kernels.phaseSums({ ...projected, directions: directionsOf(all.slice(0, cols), cols) });
    expect(kernels.phaseSums(projected)).toEqual(first);
    for (let d = 0; d < count; d += 5) {
      const theta = Float64Array.from({ length: rows }, (_, i) => {
        let s = 0;
        for (let j = 0; j < cols; j++) s += x[i * cols + j]! * all[d * cols + j]!;
        return 0.1875 * s;
      });
      for (let k = 1; k <= MULTIPLES; k++) {
        const at = d * MULTIPLES + k - 1;
        const cosines = theta.reduce((sum, one) => sum + Math.cos(k * one), 0);
        const sines = theta.reduce((sum, one) => sum + Math.sin(k * one), 0);
        expect(Math.abs(first.cosines[at]! - cosines)).toBeLessThan(OF_ONE * rows);
        expect(Math.abs(first.sines[at]! - sines)).toBeLessThan(OF_ONE * rows);
      }
    }
  });
});
