import { expect, it } from 'vitest';
import { required, WASM_BUILDS } from './builds.js';
import { sampleOf } from './samples.js';

it.each(WASM_BUILDS)('%s: the same bits for any number of threads', (build) => {
  const kinds = ['normal', 'clusters', 'outlier'] as const;
  const results = [1, 2, 5].map((threads) => {
    const kernels = required(build, threads);
    return kinds.flatMap((kind) => {
      const shape = { rows: 700, cols: 301, kind, single: true, seed: 5 };
      const { x, rows, cols, centre } = sampleOf(shape);
      const out = new Float64Array(cols * cols);
      kernels.gramOfColumns(x, rows, cols, out, centre);
      return [kernels.sumPairwiseDistances(x, rows, cols), ...out];
    });
  });
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
});
