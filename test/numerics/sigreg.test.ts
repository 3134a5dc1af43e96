import { describe, expect, it } from 'vitest';
import { chooseKernels, currentKernels } from '#kernels/choose-kernels.js';
import { computeMetrics } from '#metrics/index.js';
import { phasesOfFew } from '#numerics/gaussian/sigreg.js';
import { createBatch } from '#numerics/matrix/batch.js';
import { RandomSlices, randomSlices } from '#numerics/random/random-slices.js';
import { BUILDS } from '../kernels/builds.js';
import { gaussian } from '../metrics/gaussian.js';
import { GOLDEN_SETS, type GoldenSet, readGolden, readPair } from '../metrics/golden-files.js';
import { mapped } from '../metrics/matrices.js';
import { expectClose } from '../tolerances.js';

const usual = currentKernels();

function withKernels<T>(kernels: typeof usual, body: () => T): T {
  chooseKernels(kernels);
  try {
    return body();
  } finally {
    chooseKernels(usual);
  }
}

/** As written in the paper: every cosine and sine by itself. */
function byDefinition({ data, rows, cols }: ReturnType<typeof gaussian>): number {
  const slices = randomSlices(1024, cols, 0);
  let total = 0;
  for (let i = 0; i < 1024; i++) {
    const s = Float64Array.from({ length: rows }, (_, j) => {
      let sum = 0;
      for (let k = 0; k < cols; k++) sum += data[j * cols + k]! * slices[i * cols + k]!;
      return sum;
    });
    for (let k = 0; k < 17; k++) {
      const t = (3 * k) / 16;
      const phi = Math.exp((-t * t) / 2);
      const weight = phi * (k === 0 || k === 16 ? 3 / 16 : 6 / 16);
      const real = s.reduce((sum, x) => sum + Math.cos(t * x), 0) / rows - phi;
      const imaginary = s.reduce((sum, x) => sum + Math.sin(t * x), 0) / rows;
      total += weight * (real * real + imaginary * imaginary);
    }
  }
  return (rows * total) / 1024;
}

describe.each(BUILDS)('SIGReg, $name', (kernels) => {
  it.each(GOLDEN_SETS)('golden set %s to 1e-10', (name) => {
    const { diagnostics } = readGolden<GoldenSet>(`golden/${name}/expected.json`);
    const batch = createBatch({ ...readPair(`golden/${name}`), klReg: 'computed' });
    const ids = ['pred_sigreg', 'target_sigreg'] as const;
    const { metrics } = withKernels(kernels, () => computeMetrics(batch, ids));
    for (const id of ids) {
      const expected = diagnostics[id];
      if (expected == null) expect(metrics[id], id).toBeNull();
      else expect(Math.abs(metrics[id]! - expected) / Math.max(1, expected), id).toBeLessThan(1e-10);
    }
  });

  it.each([
    [2, 1, 1],
    [7, 3, 1e-200],
    [31, 5, 1e6],
    [121, 33, 30],
  ])('is its definition for %i rows of %i columns at scale %f', (rows, cols, scale) => {
    const prediction = mapped(gaussian(rows, cols, 3), (x) => scale * x);
    const batch = createBatch({ prediction, target: null, klReg: 'computed' });
    const { metrics } = withKernels(kernels, () => computeMetrics(batch, ['pred_sigreg']));
    expectClose(metrics.pred_sigreg, byDefinition(prediction), 'sigreg');
  });
});

it.each([
  [9, 41],
  [1, 1],
  [3, 50_001],
])('phases of %i rows are the same while the slices of %i entries are drawn', (rows, cols) => {
  const matrix = gaussian(rows, cols, 4);
  const directions = new RandomSlices().of(1024, cols, 0);
  const whole = usual.phaseSums({ x: matrix.data, rows, cols, directions, step: 3 / 16, limit: 1e8 });
  const [few, ...rest] = phasesOfFew([matrix, gaussian(rows, cols, 5), matrix]);
  // To the bit, whatever else is projected.
  expect(rest).toEqual([phasesOfFew([gaussian(rows, cols, 5)])[0], few]);
  expect(phasesOfFew([matrix])).toEqual([few]);
  for (const name of ['cosines', 'sines'] as const) {
    expect(few![name]).toHaveLength(1024 * 16);
    for (const [k, value] of whole[name].entries()) expectClose(9 + few![name][k]!, 9 + value, 'kernel');
  }
});

it('wide rows, few of them, have the value of the definition', () => {
  const prediction = gaussian(3, 8300, 5);
  const batch = createBatch({ prediction, target: null, klReg: 'computed' });
  expectClose(computeMetrics(batch, ['pred_sigreg']).metrics.pred_sigreg, byDefinition(prediction), 'sigreg');
});
