import fc from 'fast-check';
import { expect, it } from 'vitest';
import { computeMetrics } from '#metrics/index.js';
import { createBatch } from '#numerics/matrix/batch.js';
import { MatrixInMemory } from '#numerics/matrix/matrix-in-memory.js';
import { uniformity } from '#numerics/pairs/uniformity.js';
import { sampleOf } from '../kernels/samples.js';
import { expectClose } from '../tolerances.js';

/** By the definition, of rows that all have a direction: every distance by differences of unit rows. */
function byDefinition(x: Float64Array, rows: number, cols: number): number {
  const unit = Array.from({ length: rows }, (_, i) => {
    const row = x.subarray(i * cols, (i + 1) * cols);
    const norm = Math.hypot(...row);
    return row.map((v) => v / norm);
  });
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = i + 1; j < rows; j++) {
      sum += Math.expm1(-2 * unit[i]!.reduce((s, v, k) => s + (v - unit[j]![k]!) ** 2, 0));
    }
  }
  return Math.log1p(sum / ((rows * (rows - 1)) / 2));
}

it('is what the definition says, however close the rows', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 140 }),
      fc.oneof(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 250, max: 260 })),
      fc.constantFrom('normal', 'clusters', 'duplicates' as const),
      fc.constantFrom(0, 1, 10, 30, 1e3),
      fc.nat(),
      (rows, cols, kind, offset, seed) => {
        const { x } = sampleOf({ rows, cols, kind, single: false, seed });
        const data = Float64Array.from(x, (v) => v + offset);
        const prediction = { data, rows, cols };
        const expected = byDefinition(data, rows, cols);
        expectClose(uniformity(new MatrixInMemory('prediction', prediction)), expected, 'uniformity');
        // Of few rows from their Gram matrix, where that has the digits.
        const batch = createBatch({ prediction, target: null, klReg: 'computed' });
        const { metrics } = computeMetrics(batch, ['pred_uniformity']);
        expectClose(metrics.pred_uniformity, expected, 'uniformity');
      },
    ),
    { numRuns: 200 },
  );
});

it('is the same of rows of very different lengths, and in one direction, whatever way it takes', () => {
  const { x } = sampleOf({ rows: 30, cols: 60, kind: 'normal', single: false, seed: 3 });
  const sets = {
    lengths: Float64Array.from(x, (v, k) => v * 10 ** (Math.floor(k / 60) % 5)),
    rays: Float64Array.from(x, (_, k) => x[k % 60]! * (1 + (Math.floor(k / 60) % 7)) + 1e-9 * x[k]!),
    'a row of zeros': Float64Array.from(x, (v, k) => (k < 60 ? 0 : v)),
  };
  for (const [name, data] of Object.entries(sets)) {
    const prediction = { data, rows: 30, cols: 60 };
    const batch = createBatch({ prediction, target: null, klReg: 'computed' });
    const { metrics } = computeMetrics(batch, ['pred_uniformity']);
    const byProducts = uniformity(new MatrixInMemory('prediction', prediction));
    expectClose(metrics.pred_uniformity, byProducts, 'uniformity', name);
    if (name !== 'a row of zeros') expectClose(byProducts, byDefinition(data, 30, 60), 'uniformity', name);
  }
});

it('is exactly 0 where all rows are one', () => {
  for (const [rows, cols] of [
    [2, 3],
    [500, 300],
  ] as const) {
    const data = Float64Array.from({ length: rows * cols }, (_, k) => Math.sin((k % cols) + 1));
    expect(uniformity(new MatrixInMemory('prediction', { data, rows, cols }))).toBe(0);
  }
});
