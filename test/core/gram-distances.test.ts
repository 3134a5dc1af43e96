import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBatch } from '../../src/core/batch.js';
import { Embedding } from '../../src/core/embedding.js';
import { sumDistancesByGram } from '../../src/core/gram-distances.js';
import { serialKernels } from '../../src/kernels/serial.js';
import { METRIC_IDS } from '../../src/metrics/ids.js';
import { computeMetrics } from '../../src/metrics/index.js';
import { type SampleShape, sampleOf } from '../kernels/samples.js';
import { expectClose } from '../tolerances.js';

const wide: fc.Arbitrary<SampleShape> = fc
  .record({
    rows: fc.integer({ min: 2, max: 60 }),
    more: fc.integer({ min: 1, max: 80 }),
    kind: fc.constantFrom(
      'normal',
      'offset',
      'clusters',
      'outlier',
      'duplicates',
      'constant columns' as const,
    ),
    single: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ rows, more, ...rest }) => ({ rows, cols: rows + more, ...rest }));

const embeddingOf = ({ x, rows, cols }: { x: Float32Array | Float64Array; rows: number; cols: number }) =>
  new Embedding('prediction', { data: x, rows, cols });

it('agrees with differences, or says that it cannot', () => {
  fc.assert(
    fc.property(wide, (shape) => {
      const sample = sampleOf(shape);
      const sum = sumDistancesByGram(embeddingOf(sample));
      if (sum === null) return;
      const expected = serialKernels.sumPairwiseDistances(sample.x, sample.rows, sample.cols);
      expectClose(sum, expected, 'pairwise_pred_dist_mean');
    }),
    { numRuns: 300 },
  );
});

it('takes the close pairs of a batch again from their rows', () => {
  const sample = sampleOf({ rows: 40, cols: 64, kind: 'normal', single: false, seed: 3 });
  sample.x.copyWithin(64, 0, 64);
  for (let k = 0; k < 64; k++) sample.x[128 + k] = sample.x[k]! + 1e-9 * (k % 3);
  const expected = serialKernels.sumPairwiseDistances(sample.x, 40, 64);
  expectClose(sumDistancesByGram(embeddingOf(sample)), expected, 'pairwise_pred_dist_mean');
});

it('leaves a batch whose pairs are nearly all close to the kernels', () => {
  const sample = sampleOf({ rows: 50, cols: 64, kind: 'outlier', single: false, seed: 3 });
  expect(sumDistancesByGram(embeddingOf(sample))).toBeNull();
});

it('gives the same bits whichever metrics are asked for', () => {
  for (const kind of ['normal', 'clusters', 'outlier', 'duplicates'] as const) {
    for (const [rows, cols] of [
      [40, 90],
      [64, 64],
      [90, 40],
    ] as const) {
      const { x } = sampleOf({ rows, cols, kind, single: true, seed: 9 });
      const matrix = { data: x, rows, cols };
      const value = (ids: Parameters<typeof computeMetrics>[1]) =>
        computeMetrics(createBatch({ prediction: matrix, target: matrix, klReg: 'computed' }), ids).metrics
          .pairwise_pred_dist_mean;
      const alone = value(['pairwise_pred_dist_mean']);
      expect(value(METRIC_IDS), `${kind} ${rows} × ${cols}`).toBe(alone);
      expect(value(['pred_effective_rank', 'pairwise_pred_dist_mean'])).toBe(alone);
    }
  }
});
