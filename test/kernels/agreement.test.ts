import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serialKernels } from '#kernels/serial/serial.js';
import { runs } from '../support/thorough.js';
import { expectClose } from '../tolerances.js';
import { FAST_BUILDS } from './builds.js';
import { eigenvaluesOf } from './eigenvalues.js';
import { type SampleShape, sampleOf } from './samples.js';

const RUNS = runs(500);
/** On a busy machine, serial reference included. */
const PATIENCE = 180_000;

/** Odd shapes around the edges of tiles, blocks and slabs, of several kinds of rows, in either precision. */
const samples: fc.Arbitrary<SampleShape> = fc.record({
  rows: fc.integer({ min: 1, max: 150 }),
  cols: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 250, max: 260 })),
  kind: fc.constantFrom('normal', 'offset', 'clusters', 'outlier', 'duplicates', 'constant columns' as const),
  single: fc.boolean(),
  seed: fc.nat(),
});

describe.each(FAST_BUILDS)('$name agrees with serial', (kernels) => {
  it(
    'on distances',
    () => {
      fc.assert(
        fc.property(samples, (shape) => {
          const { x, rows, cols } = sampleOf(shape);
          const expected = serialKernels.sumPairwiseDistances(x, rows, cols);
          expectClose(kernels.sumPairwiseDistances(x, rows, cols), expected, 'kernel');
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    'on the Gram matrices of rows and of columns',
    () => {
      fc.assert(
        fc.property(samples, fc.boolean(), (shape, byColumns) => {
          const { x, rows, cols, centre } = sampleOf(shape);
          const name = byColumns ? 'gramOfColumns' : 'gram';
          const n = byColumns ? cols : rows;
          const actual = new Float64Array(n * n).fill(7);
          const expected = new Float64Array(n * n).fill(7);
          kernels[name](x, rows, cols, actual, centre);
          serialKernels[name](x, rows, cols, expected, centre);
          const scale = 2 * Math.max(...expected.map(Math.abs));
          for (const [k, value] of expected.entries())
            expectClose(scale + actual[k]!, scale + value, 'kernel');
        }),
        runs(100),
      );
    },
    PATIENCE,
  );

  it(
    'on products of two sets of rows, and whatever stands beside them',
    () => {
      fc.assert(
        fc.property(samples, fc.nat(), fc.boolean(), (shape, at, centred) => {
          const { x, rows, cols, centre } = sampleOf(shape);
          const mean = centred ? centre.mean : undefined;
          const xRows = 1 + (at % rows);
          const sets = { x: x.subarray(0, xRows * cols), xRows, y: x, yRows: rows, cols };
          const actual = new Float64Array(xRows * rows).fill(7);
          const expected = new Float64Array(xRows * rows).fill(7);
          kernels.rowProducts(sets, actual, mean);
          serialKernels.rowProducts(sets, expected, mean);
          const own = new Float64Array(rows * rows);
          serialKernels.rowProducts({ x, xRows: rows, y: x, yRows: rows, cols }, own, mean);
          const scale = 2 * Math.max(...own);
          for (const [k, value] of expected.entries())
            expectClose(scale + actual[k]!, scale + value, 'kernel');

          const last = xRows - 1;
          const row = x.subarray(last * cols, xRows * cols);
          const alone = new Float64Array(1);
          kernels.rowProducts({ x: row, xRows: 1, y: row, yRows: 1, cols }, alone, mean);
          expect(alone[0]).toBe(actual[last * rows + last]);
        }),
        runs(200),
      );
    },
    PATIENCE,
  );

  it(
    'on phases of projections',
    () => {
      fc.assert(
        fc.property(samples, fc.integer({ min: 1, max: 110 }), (shape, count) => {
          const { x, rows, cols } = sampleOf(shape);
          const { x: all } = sampleOf({ rows: count, cols, kind: 'normal', single: false, seed: shape.seed });
          const directions = {
            count,
            draw: (from: number, some: number) =>
              Float64Array.from(all.subarray(from * cols, (from + some) * cols)),
          };
          const projected = { x, rows, cols, directions, step: 0.1875 / Math.sqrt(cols), limit: 1e8 };
          const actual = kernels.phaseSums(projected);
          const expected = serialKernels.phaseSums(projected);
          // A phase, of 17 knots, is as uncertain as its projection: a sum of `cols` products, each rounded.
          const rounding = 2 ** -53 * cols * Math.max(...Array.from(x, Math.abs)) * 17 * projected.step;
          const far = Math.max(1e-12, rounding);
          for (const name of ['cosines', 'sines'] as const) {
            expect(actual[name]).toHaveLength(expected[name].length);
            for (const [k, value] of expected[name].entries()) {
              expect(Math.abs(actual[name][k]! - value)).toBeLessThanOrEqual(far * rows);
            }
          }
        }),
        runs(200),
      );
    },
    PATIENCE,
  );

  it(
    'on the Cholesky factor',
    () => {
      fc.assert(
        fc.property(samples, (shape) => {
          const { x, rows, cols } = sampleOf(shape);
          const a = new Float64Array(cols * cols);
          serialKernels.gramOfColumns(x, rows, cols, a);
          let trace = 0;
          for (let i = 0; i < cols; i++) trace += a[i * cols + i]!;
          for (let i = 0; i < cols; i++) a[i * cols + i] = a[i * cols + i]! + trace;
          const expected = a.slice();
          expect(kernels.cholesky(a, cols)).toBe(serialKernels.cholesky(expected, cols));
          const scale = 2 * Math.sqrt(trace);
          for (const [k, value] of expected.entries()) expectClose(scale + a[k]!, scale + value, 'kernel');
        }),
        runs(100),
      );
    },
    PATIENCE,
  );

  it(
    'on the diagonal of a QR',
    () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 40 }),
          fc.integer({ min: 1, max: 60 }),
          fc.nat(),
          (n, length, seed) => {
            const { x } = sampleOf({ rows: n, cols: length, kind: 'normal', single: false, seed });
            const height = length + n;
            const a = new Float64Array(n * height);
            for (let j = 0; j < n; j++) {
              a.set(x.subarray(j * length, (j + 1) * length), j * height);
              a[j * height + length + j] = 0.5;
            }
            const actual = a.slice();
            serialKernels.qrFactor(a, n, height);
            kernels.qrFactor(actual, n, height);
            for (let j = 0; j < n; j++) {
              const largest = Math.hypot(...a.subarray(j * height, j * height + j + 1));
              for (let k = j * height; k <= j * height + j; k++) {
                expectClose(2 * largest + actual[k]!, 2 * largest + a[k]!, 'kernel');
              }
            }
          },
        ),
        runs(100),
      );
    },
    PATIENCE,
  );

  it(
    'on eigenvalues',
    () => {
      fc.assert(
        fc.property(samples, (shape) => {
          const { x, rows, cols } = sampleOf(shape);
          const a = new Float64Array(cols * cols);
          serialKernels.gramOfColumns(x, rows, cols, a);
          const expected = eigenvaluesOf(serialKernels, [a], cols)[0]!;
          const actual = eigenvaluesOf(kernels, [a], cols)[0]!;
          const largest = expected[cols - 1]!;
          for (const [k, value] of expected.entries()) {
            expectClose(largest + actual[k]!, largest + value, 'kernel');
          }
        }),
        runs(60),
      );
    },
    PATIENCE,
  );
});
