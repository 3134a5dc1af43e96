import { describe, expect, it } from 'vitest';
import { judge, measureStep } from '#index.js';
import { normals } from '../support/normals.js';

const [SAMPLES, LENGTH, DIMS] = [96, 4, 16];
const SEEDS = Array.from({ length: 20 }, (_, seed) => seed + 1);

/** Ten steps of [B, T, D] by a good predictor, but for the horizons of `dead`: noise of 0.01 about an offset. */
function records(seed: number, dead: (t: number) => boolean, offset: number) {
  const normal = normals(seed);
  return Array.from({ length: 10 }, (_, i) => {
    const shape = [SAMPLES, LENGTH, DIMS];
    const target = { data: Float64Array.from({ length: SAMPLES * LENGTH * DIMS }, normal), shape };
    const data = target.data.map((value, k) =>
      dead(Math.floor(k / DIMS) % LENGTH) ? offset + 0.01 * normal() : 0.9 * value + 0.3 * normal(),
    );
    return measureStep({ step: 100 * (i + 1), prediction: { data, shape }, target, perStepAxis: 1 });
  });
}

describe.each([
  ['at the mean of its targets', 0],
  ['beside its targets', 3],
])('a predictor that gives noise about a constant %s', (_, offset) => {
  it('is found, whatever the noise', () => {
    for (const seed of SEEDS) {
      const [run] = judge(records(seed, () => true, offset)).runs;
      expect([seed, run!.diagnosis?.label]).toEqual([seed, 'predictor collapse']);
    }
  });

  it('is found at one horizon, which is named', () => {
    for (const seed of SEEDS) {
      const [run] = judge(records(seed, (t) => t === 2, offset)).runs;
      expect([seed, run!.diagnosis?.label, run!.diagnosis?.horizon]).toEqual([seed, 'predictor collapse', 3]);
    }
  });
});
