import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_OPEN } from '#kernels/constants.js';
import type { Kernels, PairTerms } from '#kernels/kernels.js';
import { serialKernels } from '#kernels/serial/serial.js';
import { expectClose } from '../tolerances.js';
import { BUILDS, FAST_BUILDS } from './builds.js';
import { type Sample, type SampleShape, sampleOf } from './samples.js';

const shapes: fc.Arbitrary<SampleShape> = fc.record({
  rows: fc.integer({ min: 2, max: 150 }),
  cols: fc.integer({ min: 1, max: 300 }),
  kind: fc.constantFrom('normal', 'offset', 'clusters', 'outlier', 'duplicates', 'constant columns' as const),
  single: fc.boolean(),
  seed: fc.nat(),
});

/** Rows of one length: every pair's repulsion is had from its distance alone. */
const ofLength = (length: number, rows: number): PairTerms => ({
  nearest: new Float64Array(rows),
  repulsion: { lengths: new Float64Array(rows).fill(length), share: 0, size: 0, sum: 0, open: null },
});

type Three = [PairTerms, PairTerms, PairTerms];

const find = (kernels: Kernels, { x, rows, cols, centre }: Sample, terms: PairTerms) =>
  kernels.sumPairwiseDistances(x, rows, cols, centre, terms);

describe.each(BUILDS)('$name', (kernels) => {
  it('finds the nearest row and the repulsion of a triangle', () => {
    const terms = ofLength(1, 3);
    kernels.sumPairwiseDistances(Float64Array.of(0, 0, 0.3, 0, 0, 0.4), 3, 2, undefined, terms);
    expectClose(terms.nearest[0], 0.09, 'kernel');
    expectClose(terms.nearest[1], 0.09, 'kernel');
    expectClose(terms.nearest[2], 0.16, 'kernel');
    const sum = [0.09, 0.16, 0.25].reduce((total, squared) => total + Math.expm1(-2 * squared), 0);
    expectClose(terms.repulsion!.sum, sum, 'kernel');
    expect(terms.repulsion!.open).toEqual(new Uint32Array());
  });

  it('keeps the digits of small distances and takes large ones', () => {
    for (const apart of [1e-9, 1e-4, 0.1, 0.589, 1, 1.9999]) {
      const terms = ofLength(1, 2);
      kernels.sumPairwiseDistances(Float64Array.of(0, apart), 2, 1, undefined, terms);
      expectClose(terms.repulsion!.sum, Math.expm1(-2 * apart * apart), 'kernel', String(apart));
    }
  });

  it('says which pairs it leaves open, until they are too many', () => {
    const rows = 100;
    const x = Float64Array.from({ length: rows }, (_, i) => i + 1);
    const terms = (of: number): PairTerms => ({
      nearest: new Float64Array(of),
      repulsion: { lengths: x.slice(0, of), share: 1e-4, size: 1, sum: 1, open: null },
    });
    // All of one direction: nothing is left of any pair.
    const few = terms(3);
    kernels.sumPairwiseDistances(x.slice(0, 3), 3, 1, undefined, few);
    expect(few.repulsion).toMatchObject({ sum: 0, open: Uint32Array.of(0, 1, 0, 2, 1, 2) });
    const many = terms(rows);
    kernels.sumPairwiseDistances(x, rows, 1, undefined, many);
    expect((rows * (rows - 1)) / 2).toBeGreaterThan(MOST_OPEN);
    expect(many.repulsion!.open).toBeNull();
    expect(many.nearest).toEqual(new Float64Array(rows).fill(1));
  });
});

describe.each(FAST_BUILDS)('$name', (kernels) => {
  it('agrees with the serial build, and the sum of distances does not change', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const sample = sampleOf(shape);
        const { x, rows, cols, centre } = sample;
        const farthest =
          Float64Array.from(x).reduce((most, value) => Math.max(most, Math.abs(value)), 1) * Math.sqrt(cols);
        const [expected, actual, beside] = [1, 2, 3].map(() => ofLength(farthest, rows)) as Three;
        find(serialKernels, sample, expected);
        const sum = find(kernels, sample, actual);
        expect(sum).toBe(kernels.sumPairwiseDistances(x, rows, cols, centre));
        for (let i = 0; i < rows; i++)
          expectClose(actual.nearest[i], expected.nearest[i]!, 'nearest_neighbour_ratio');
        expectClose(actual.repulsion!.sum, expected.repulsion!.sum, 'nearest_neighbour_ratio');
        if (rows > cols) return;
        const out = new Float64Array(rows * rows);
        if (kernels.gramAndDistances(x, rows, cols, out, centre, beside) !== null)
          expect(beside).toEqual(actual);
      }),
      { numRuns: 100 },
    );
  });
});
