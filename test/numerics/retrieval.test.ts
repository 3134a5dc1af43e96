import { describe, expect, it } from 'vitest';
import { type BatchInput, createBatch } from '#numerics/matrix/batch.js';
import { type EstimatedRetrieval, RETRIEVAL, type Retrieval, retrieval } from '#numerics/pairs/retrieval.js';
import { gaussian } from '../metrics/gaussian.js';

const ROWS = 600;
const COLS = 4;
const SEEDS = Array.from({ length: 100 }, (_, seed) => seed);
/** 150 of the 600 predictions. */
const BY_SOME = retrieval({ exact: 0, sampled: 150 * ROWS * COLS });

/** Predictions that are their targets and some noise, the later rows more. */
function pair(noise: (row: number) => number): Pick<BatchInput, 'prediction' | 'target'> {
  const target = gaussian(ROWS, COLS, 1);
  const random = gaussian(ROWS, COLS, 2).data;
  const data = Float64Array.from(target.data, (x, k) => x + noise(Math.floor(k / COLS)) * random[k]!);
  return { prediction: { ...target, data }, target };
}

describe.each([
  ['good predictions', () => 0.05],
  ['predictions sorted from good to bad', (row: number) => (2 * row) / ROWS],
  ['bad predictions', () => 3],
] as const)('retrieval by some of the %s', (_, noise) => {
  const matrices = pair(noise);
  const exact = createBatch(matrices).get(RETRIEVAL) as Retrieval;
  const estimates = SEEDS.map(
    (seed) => createBatch({ ...matrices, pairwise: 'auto', seed }).get(BY_SOME) as EstimatedRetrieval,
  );

  it.each(['top1', 'mrr'] as const)(
    '%s lies within three stated standard errors for 97 of 100 seeds',
    (id) => {
      const errors = estimates.map((estimate) => estimate[id].value - exact[id]);
      const stated = estimates.map((estimate) => estimate[id].estimate.standardError);
      const within = errors.filter((error, k) => Math.abs(error) <= 3 * stated[k]!);
      expect(within.length).toBeGreaterThanOrEqual(97);
      const rms = (x: readonly number[]) => Math.sqrt(x.reduce((sum, y) => sum + y * y, 0) / x.length);
      // Where nearly all credits are 0 or 1, the allowance for one that is not is most of the error.
      expect(rms(errors) / rms(stated)).toBeLessThan(1.3);
      expect(rms(stated)).toBeLessThan(Math.hypot(1.5 * rms(errors), 1 / 150));
    },
  );
});

it('counts the pairs that were looked at', () => {
  const batch = createBatch({ ...pair(() => 1), pairwise: 'auto', seed: 3 });
  const { top1 } = batch.get(BY_SOME) as EstimatedRetrieval;
  expect(top1.estimate).toMatchObject({ method: 'sampled', pairs: 150 * ROWS });
});

it('is exact where that is asked for, whatever the size', () => {
  const batch = createBatch({ ...pair(() => 1), pairwise: 'exact', seed: 3 });
  expect(batch.get(BY_SOME)).toEqual(batch.get(RETRIEVAL));
});
