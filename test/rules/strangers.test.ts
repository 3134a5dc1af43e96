import { describe, expect, it } from 'vitest';
import { DEFAULT_METRIC_IDS } from '#metrics/ids.js';
import { computeMetrics } from '#metrics/index.js';
import { createBatch } from '#numerics/matrix/batch.js';
import { Diagnoser } from '#rules/diagnosis/diagnose.js';
import { jepaRules } from '#rules/presets/jepa.js';
import { RuleSeries } from '#rules/series/series.js';
import { FATES, type Fate, makeWorld, type World } from './make-world.js';

const IDS = DEFAULT_METRIC_IDS.filter((id) => id !== 'kl_reg' && id !== 'kl_excess');
const USUAL: World = { rows: 64, dims: 32, steps: 15, factors: 8, r2: 0.5 };

/** Runs as others may bring them, none of which any bound was chosen on. */
const WORLDS: Readonly<Record<string, World>> = {
  'a usual one': USUAL,
  'fewer rows than dimensions': { ...USUAL, rows: 24, dims: 96 },
  'sixteen rows': { ...USUAL, rows: 16 },
  'one factor of three dimensions in four that are noise': { ...USUAL, factors: 1, r2: 0.25 },
  'data of which a sixteenth can be predicted': { ...USUAL, rows: 128, r2: 0.0625 },
  'a sixteenth, and fewer rows than dimensions': { ...USUAL, dims: 128, r2: 0.0625 },
  'all can be predicted': { ...USUAL, r2: 1 },
  'a common mean of ten standard deviations': { ...USUAL, offset: 10 },
  'unit rows': { ...USUAL, unitRows: true, offset: 1 },
  'heavy tails': { ...USUAL, rows: 128, heavyTails: true },
  'float16 beside a common mean': { ...USUAL, half: true, offset: 5 },
  'a trained network at step 0': { ...USUAL, warmUp: 0 },
  'a slow warm-up over many saved steps': { ...USUAL, steps: 60, warmUp: 0.6 },
  'two phases, the second of half the scale': { ...USUAL, jump: 0.5 },
  'two phases, the second of twice the scale': { ...USUAL, jump: 2 },
  'two dimensions of three': { ...USUAL, dims: 8, factors: 5 },
};

function judge(world: World, fate: Fate, seed: number, last = world.steps, isStep0Saved = true) {
  const series = new RuleSeries(jepaRules());
  const diagnoser = new Diagnoser();
  const alerts: string[] = [];
  for (let step = isStep0Saved ? 0 : 1; step <= last; step++) {
    const values = computeMetrics(createBatch(makeWorld(world, fate, seed, step)), IDS).metrics;
    if (step === 0) {
      series.noteUntrained({ values });
      diagnoser.noteUntrained(values);
      continue;
    }
    const errors = series.judge({ step, values }).alerts.filter(({ rule }) => rule.level === 'error');
    alerts.push(...errors.map(({ rule }) => `${step} ${rule.id}`));
    diagnoser.judge({ step, values });
  }
  return { alerts, label: diagnoser.run?.label };
}

const NAMES: Readonly<Record<Fate, string>> = {
  healthy: 'healthy',
  'predictor gives the mean': 'predictor collapse',
  'predictor gives noise': 'predictor collapse',
  'target shrinks': 'complete collapse',
  'target loses rank': 'dimensional collapse',
};

describe.each(Object.entries(WORLDS))('%s', (_, world) => {
  it.each([true, false])('raises nothing while it is healthy, step 0 saved: %s', (isStep0Saved) => {
    for (const seed of [1, 2, 3])
      expect(judge(world, 'healthy', seed, world.steps, isStep0Saved)).toEqual({
        alerts: [],
        label: 'healthy',
      });
  });

  it('raises nothing over its first three saved steps', () => {
    expect(judge(world, 'healthy', 4, 3).alerts).toEqual([]);
  });

  it.each(FATES.filter((fate) => fate !== 'healthy'))('is seen and named: %s', (fate) => {
    expect(judge(world, fate, 5)).toMatchObject({
      label: NAMES[fate],
      alerts: expect.arrayContaining([expect.any(String)]),
    });
  });
});
