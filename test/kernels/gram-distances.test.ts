import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serialKernels } from '#kernels/serial/serial.js';
import { METRIC_IDS } from '#metrics/ids.js';
import { computeMetrics } from '#metrics/index.js';
import { createBatch } from '#numerics/matrix/batch.js';
import { expectClose } from '../tolerances.js';
import { FAST_BUILDS } from './builds.js';
import { type Sample, type SampleShape, sampleOf } from './samples.js';

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

describe.each(FAST_BUILDS)('$name', (kernels) => {
  const distancesOf = ({ x, rows, cols, centre }: Sample) =>
    kernels.gramAndDistances(x, rows, cols, new Float64Array(rows * rows), centre);

  it('is the sum of distances to the last bit, or none', () => {
    let [some, none] = [0, 0];
    fc.assert(
      fc.property(wide, (shape) => {
        const sample = sampleOf(shape);
        const { x, rows, cols, centre } = sample;
        const sum = distancesOf(sample);
        if (sum === null) none++;
        else {
          some++;
          expect(sum).toBe(kernels.sumPairwiseDistances(x, rows, cols, centre));
        }
      }),
      { numRuns: 300 },
    );
    expect(Math.min(some, none)).toBeGreaterThan(20);
  });

  it('leaves the products as they are without distances', () => {
    fc.assert(
      fc.property(wide, (shape) => {
        const { x, rows, cols, centre } = sampleOf(shape);
        const [alone, beside] = [new Float64Array(rows * rows), new Float64Array(rows * rows)];
        kernels.gram(x, rows, cols, alone, centre);
        kernels.gramAndDistances(x, rows, cols, beside, centre);
        expect(beside).toEqual(alone);
      }),
      { numRuns: 60 },
    );
  });

  it('takes the close pairs of a batch again from their rows', () => {
    const sample = sampleOf({ rows: 140, cols: 264, kind: 'normal', single: false, seed: 3 });
    sample.x.copyWithin(264, 0, 264);
    for (let k = 0; k < 264; k++) sample.x[528 + k] = sample.x[k]! + 1e-9 * (k % 3);
    const expected = serialKernels.sumPairwiseDistances(sample.x, 140, 264);
    const sum = distancesOf(sample);
    expect(sum).not.toBeNull();
    expectClose(sum, expected, 'pairwise_pred_dist_mean');
  });

  it('leaves a batch whose pairs are nearly all close to the other', () => {
    expect(distancesOf(sampleOf({ rows: 50, cols: 64, kind: 'outlier', single: false, seed: 3 }))).toBeNull();
  });
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
