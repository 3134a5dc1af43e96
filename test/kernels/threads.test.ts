import { expect, it } from 'vitest';
import { some } from '../support/thorough.js';
import { required, WASM_BUILDS } from './builds.js';
import { eigenvaluesOf } from './eigenvalues.js';
import { sampleOf } from './samples.js';

it.each(WASM_BUILDS)('%s: the same bits for any number of threads', (build) => {
  const kinds = ['normal', 'clusters', 'outlier'] as const;
  const results = [1, 2, 5].map((threads) => {
    const kernels = required(build, threads);
    return kinds.flatMap((kind) => {
      const shape = { rows: 700, cols: 301, kind, single: true, seed: 5 };
      const { x, rows, cols, centre } = sampleOf(shape);
      const drawn = Float64Array.from(x.subarray(0, 160 * cols));
      const out = new Float64Array(cols * cols);
      kernels.gramOfColumns(x, rows, cols, out, centre);
      const products = new Float64Array(300 * rows);
      kernels.rowProducts({ x: x.subarray(0, 300 * cols), xRows: 300, y: x, yRows: rows, cols }, products);
      const bounds = (count: number) => {
        const all = Float32Array.from({ length: count }, (_, i) => (i % 3) / 4096);
        return { least: all, most: all.map((v) => v + 2 ** -12), room: all };
      };
      const { above, open } = kernels.compareProducts(
        { x: x.subarray(0, 300 * cols), xRows: 300, y: x, yRows: rows, cols },
        { mean: centre.mean, scale: 2 ** -25, ofX: bounds(300), ofY: bounds(rows) },
      );
      const roots = kernels.choleskyDiagonal(out, cols, rows, 1e-3);
      expect(roots).toHaveLength(cols);
      const directions = {
        count: 160,
        draw: (from: number, some: number) => drawn.subarray(from * cols, (from + some) * cols),
      };
      const { cosines, sines } = kernels.phaseSums({ x, rows, cols, directions, step: 0.1, limit: 1e8 });
      return [
        kernels.sumPairwiseDistances(x, rows, cols),
        ...[...out, ...products, ...above, ...open, ...roots!, ...cosines, ...sines],
      ];
    });
  });
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
});

const ORDERS = WASM_BUILDS.flatMap((build) => some([151, 651]).map((n) => ({ build, n })));

it.each(ORDERS)(
  '$build: eigenvalues of several matrices are those of each alone, order $n',
  ({ build, n }) => {
    const grams = ['normal', 'clusters', 'duplicates', 'outlier', 'offset'] as const;
    const matrices = grams.map((kind, seed) => {
      const { x, rows, cols, centre } = sampleOf({ rows: n + 50, cols: n, kind, single: false, seed });
      const out = new Float64Array(n * n).fill(Number.NaN);
      required(build, 1).gramOfColumns(x, rows, cols, out, centre);
      return out;
    });
    const alone = required(build, 1);
    const expected = matrices.map((a) => eigenvaluesOf(alone, [a], n)[0]!);
    for (const threads of [1, 2, 3, 8]) {
      const kernels = required(build, threads);
      // Helpers come when they are ready: the first rounds may be over by then.
      for (let round = 0; round < 3000 / n; round++) {
        expect(eigenvaluesOf(kernels, matrices, n)).toEqual(expected);
      }
    }
  },
);
