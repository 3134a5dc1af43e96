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

const ROWS = 256;

/** Nine steps of a prediction that least squares gives where it can explain `r2` of a target; `growth` is that of the target a step. */
function explaining(r2: number, growth: number) {
  const normal = normals(3);
  const rows = Float64Array.from({ length: ROWS * DIMS }, normal);
  const cosine = Math.sqrt(r2);
  return Array.from({ length: 9 }, (_, i) => {
    const shape = [ROWS, DIMS];
    const target = { data: rows.map((value) => value * growth ** i), shape };
    const noise = Math.sqrt(1 - r2);
    const data = target.data.map((value) => cosine * (cosine * value + noise * growth ** i * normal()));
    return measureStep({ step: 100 * (i + 1), prediction: { data, shape }, target });
  });
}

describe('a prediction that explains a fiftieth of its target', () => {
  it('is a dead one where the target stands still', () => {
    const [run] = judge(explaining(0.02, 1)).runs;
    const errors = run!.steps.flatMap(({ step, alerts }) =>
      alerts.filter(({ level }) => level === 'error').map(({ criterion }) => `${step} ${criterion}`),
    );
    expect(errors[0]).toBe('300 jepa.pred_explains_little');
    expect(run!.diagnosis?.label).toBe('predictor collapse');
  });

  it.each([
    ['is none where the target learns', 0.02, 1.01],
    ['is none from three hundredths on', 0.045, 1],
  ])('%s', (_, r2, growth) => {
    expect(judge(explaining(r2, growth)).exitCode).toBe(0);
  });

  it('is none as one batch by hand, which cannot show that a target stands still', () => {
    const [{ step: _, ...batch }] = explaining(0.02, 1) as [ReturnType<typeof measureStep>];
    expect(judge([{ ...batch, step: null }]).exitCode).toBe(0);
  });
});
