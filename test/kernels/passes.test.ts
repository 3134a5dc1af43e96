import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Centre, MatrixPair } from '#kernels/kernels.js';
import { serialKernels } from '#kernels/serial/serial.js';
import { runs } from '../support/thorough.js';
import { expectClose } from '../tolerances.js';
import { BUILDS, FAST_BUILDS } from './builds.js';
import { type SampleShape, sampleOf } from './samples.js';

const RUNS = runs(500);
const PATIENCE = 180_000;

/** Odd shapes around the edges of vectors, of four rows at a time and of blocks of 128. */
const shapes: fc.Arbitrary<SampleShape> = fc.record({
  rows: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 126, max: 262 })),
  cols: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 250, max: 260 })),
  kind: fc.constantFrom('normal', 'offset', 'clusters', 'outlier', 'duplicates', 'constant columns' as const),
  single: fc.boolean(),
  seed: fc.nat(),
});

interface Pair extends MatrixPair {
  readonly xCentre: Centre;
  readonly yCentre: Centre;
}

/** Two matrices of one shape, each of its own kind and precision. */
const pairs: fc.Arbitrary<Pair> = fc
  .tuple(shapes, fc.constantFrom('normal', 'offset' as const), fc.boolean())
  .map(([shape, kind, single]) => {
    const { x, rows, cols, centre } = sampleOf(shape);
    const { x: y, centre: yCentre } = sampleOf({ ...shape, kind, single, seed: shape.seed + 1 });
    return { x, y, rows, cols, xCentre: centre, yCentre };
  });

/** Each against the other, as shares of `scale`, which is larger than the numbers: below it digits mean nothing. */
function expectSame(actual: Float64Array, expected: Float64Array, scale: (k: number) => number): void {
  expect(actual).toHaveLength(expected.length);
  for (const [k, value] of expected.entries()) expectClose(scale(k) + actual[k]!, scale(k) + value, 'kernel');
}

function bytes({ buffer, byteOffset, byteLength }: Float64Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

describe.each(FAST_BUILDS)('$name agrees with serial', (kernels) => {
  it(
    'on the survey of columns',
    () => {
      fc.assert(
        fc.property(shapes, (shape) => {
          const { x, rows, cols } = sampleOf(shape);
          const actual = kernels.surveyColumns(x, rows, cols);
          const expected = serialKernels.surveyColumns(x, rows, cols);
          expect(actual.min).toEqual(expected.min);
          expect(actual.max).toEqual(expected.max);
          const { min, max } = expected;
          expectSame(actual.sums, expected.sums, (j) => 2 * rows * (max[j]! - min[j]!));
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    'on the moments of columns',
    () => {
      fc.assert(
        fc.property(shapes, (shape) => {
          const { x, rows, cols, centre } = sampleOf(shape);
          const actual = kernels.columnMoments(x, rows, cols, centre.mean);
          const expected = serialKernels.columnMoments(x, rows, cols, centre.mean);
          expectSame(actual.squares, expected.squares, () => 0);
          expectSame(actual.sums, expected.sums, (j) => 2 * Math.sqrt(rows * expected.squares[j]!));
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    'on the products of columns, in every mixture of precisions',
    () => {
      fc.assert(
        fc.property(pairs, (pair) => {
          const { x, y, rows, cols, xCentre, yCentre } = pair;
          const actual = kernels.columnProducts(pair, xCentre.mean, yCentre.mean);
          const expected = serialKernels.columnProducts(pair, xCentre.mean, yCentre.mean);
          const xx = serialKernels.columnMoments(x, rows, cols, xCentre.mean).squares;
          const yy = serialKernels.columnMoments(y, rows, cols, yCentre.mean).squares;
          expectSame(actual, expected, (j) => 2 * Math.sqrt(xx[j]! * yy[j]!));
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    'on the sums over pairs of rows, centred or not',
    () => {
      fc.assert(
        fc.property(pairs, fc.boolean(), fc.boolean(), (pair, xCentred, yCentred) => {
          const centres = [xCentred ? pair.xCentre : undefined, yCentred ? pair.yCentre : undefined] as const;
          const actual = kernels.rowPairSums(pair, ...centres);
          const expected = serialKernels.rowPairSums(pair, ...centres);
          expectSame(actual, expected, (k) => {
            const [xx, yy] = [expected[k - (k % 4)]!, expected[k - (k % 4) + 1]!];
            return k % 4 === 2 ? 2 * Math.sqrt(xx * yy) : 0;
          });
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    'on the sums over rows',
    () => {
      fc.assert(
        fc.property(shapes, (shape) => {
          const { x, rows, cols, centre } = sampleOf(shape);
          const actual = kernels.rowSums(x, rows, cols, centre.mean);
          const expected = serialKernels.rowSums(x, rows, cols, centre.mean);
          const squaredCentre = centre.mean.reduce((sum, c) => sum + c * c, 0);
          expectSame(actual, expected, (k) =>
            k % 3 === 2 ? 2 * Math.sqrt(expected[k - 1]! * squaredCentre) : 0,
          );
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    'on the moments of affine rows',
    () => {
      fc.assert(
        fc.property(shapes, (shape) => {
          const { x, rows, cols, centre } = sampleOf(shape);
          const { x: noise } = sampleOf({ ...shape, cols: 3, kind: 'normal', single: false });
          const factors = Float64Array.from(noise, (e, k) => (k % 3 === 0 ? Number(e > 0) : e));
          const affine = { x, rows, cols, centre: centre.mean, factors };
          const about = sampleOf({ ...shape, rows: 1, seed: shape.seed + 1 }).centre.mean;
          const actual = kernels.affineMoments(affine, about);
          const expected = serialKernels.affineMoments(affine, about);
          expectSame(actual.squares, expected.squares, () => 0);
          expectSame(actual.sums, expected.sums, (j) => 2 * Math.sqrt(rows * expected.squares[j]!));
        }),
        RUNS,
      );
    },
    PATIENCE,
  );
});

describe.each(BUILDS)('$name', (kernels) => {
  it('tells by its sums that an entry is not finite, wherever it stands', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (const [rows, cols] of [
        [1, 1],
        [5, 3],
        [131, 7],
        [260, 2],
      ] as const) {
        for (let at = 0; at < rows * cols; at += 1 + ((rows * cols) >> 5)) {
          const x = Float64Array.from({ length: rows * cols }, (_, k) => Math.sin(k));
          x[at] = bad;
          const { sums } = kernels.surveyColumns(x, rows, cols);
          expect(Number.isFinite(sums[at % cols])).toBe(false);
        }
      }
    }
  });

  it('takes a constant column for one that moves nowhere, whatever its value', () => {
    const x = new Float64Array(300 * 3).map((_, k) => [0.1, 1e300, -1e-310][k % 3]!);
    const { sums, min, max } = kernels.surveyColumns(x, 300, 3);
    expect([...sums]).toEqual([0, 0, 0]);
    expect(min).toEqual(max);
    const moments = kernels.columnMoments(x, 300, 3, min);
    expect([...moments.sums, ...moments.squares]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('takes an affine row for one that moves nowhere about what it is, to the last bit', () => {
    for (const cols of [1, 2, 7]) {
      const x = Float64Array.from({ length: 300 * cols }, (_, k) => Math.sin(k % cols) / 3);
      const centre = Float64Array.from({ length: cols }, (_, j) => Math.cos(j));
      const factors = Float64Array.from({ length: 900 }, (_, k) => [1, 1.7, 0.3][k % 3]!);
      const affine = { x, rows: 300, cols, centre, factors };
      const written = centre.map((c, j) => (x[j]! - c) * 1.7 + c * 0.3);
      const { sums, squares } = kernels.affineMoments(affine, written);
      expect([...sums, ...squares].every((s) => s === 0)).toBe(true);
    }
  });

  it('tells by its sums over a row that its squares overflow, and has the others right', () => {
    const x = Float64Array.of(1e200, -1e200, 1, 3, 4, 0);
    const sums = kernels.rowSums(x, 2, 3, Float64Array.of(0, 0, 1));
    expect([...sums.subarray(0, 2)]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect([...sums.subarray(3)]).toEqual([25, 26, -1]);
  });

  it('goes on where a matrix makes its memory grow', () => {
    for (const cols of [3, 100_000, 1_000_001, 5]) {
      const x = Float64Array.from({ length: 2 * cols }, (_, k) => k % 7);
      const mean = new Float64Array(cols).fill(1);
      const factors = Float64Array.of(1, 2, 3, 0, 1, 0);
      const affine = { x, rows: 2, cols, centre: mean, factors };
      const [fast, slow] = [kernels, serialKernels].map((build) => [
        ...Object.values(build.columnMoments(x, 2, cols, mean)),
        build.rowSums(x, 2, cols, mean),
        ...Object.values(build.affineMoments(affine, mean)),
      ]);
      expect(fast).toHaveLength(5);
      // Bytes: comparing a million values one by one takes a matcher many seconds.
      for (const [k, values] of fast!.entries()) expect(bytes(values).equals(bytes(slow![k]!))).toBe(true);
    }
  });

  it('has known answers', () => {
    const x = Float32Array.of(3, 4, 0, 1);
    const y = Float64Array.of(1, 0, 0, 5);
    const pair = { x, y, rows: 2, cols: 2 };
    expect([...kernels.rowPairSums(pair)]).toEqual([25, 1, 3, 20, 1, 25, 5, 16]);
    const centre = (a: number, b: number) => ({
      mean: Float64Array.of(a, b),
      residual: Float64Array.of(0.5, 0),
    });
    expect([...kernels.rowPairSums(pair, centre(1, 2), centre(0.5, 2.5))]).toEqual([
      6.25, 6.25, -5, 22.5, 3.25, 7.25, -1, 12.5,
    ]);
    expect([...kernels.columnProducts(pair, Float64Array.of(1.5, 2.5), Float64Array.of(0.5, 2.5))]).toEqual([
      1.5, -7.5,
    ]);
    expect([...kernels.rowSums(x, 2, 2, Float64Array.of(1, 2))]).toEqual([25, 8, 6, 1, 2, -3]);
    const affine = { x, rows: 2, cols: 2, centre: Float64Array.of(1, 2) };
    // (2, 2)·2 + (1, 2)·0.5 = (4.5, 5) and (0, 1)·3 − (1, 2) = (−1, 1), about (1, 1).
    const factors = Float64Array.of(1, 2, 0.5, 0, 3, -1);
    const moments = kernels.affineMoments({ ...affine, factors }, Float64Array.of(1, 1));
    expect(moments).toEqual({ sums: Float64Array.of(1.5, 4), squares: Float64Array.of(16.25, 16) });
  });
});
