import { describe, expect, it } from 'vitest';
import { createBatch } from '../../src/core/batch.js';
import { METRIC_IDS } from '../../src/metrics/ids.js';
import { computeMetrics } from '../../src/metrics/index.js';
import { Diagnoser } from '../../src/rules/diagnose.js';
import { RFC_0005_THRESHOLDS } from '../../src/rules/preset-rfc-0005.js';
import { activeRules } from '../../src/rules/presets.js';
import { RuleSeries } from '../../src/rules/series.js';
import { gaussian } from '../metrics/gaussian.js';
import { filled } from '../metrics/matrices.js';

const STEPS = 20;
const RULES = activeRules(
  [
    { id: 'rfc-0005', level: 'error' },
    { id: 'jepa', level: 'error' },
  ],
  [],
  RFC_0005_THRESHOLDS,
);
const RULED = METRIC_IDS.filter((id) =>
  RULES.some(({ metric, of, where }) => [metric, of, where?.metric, where?.of].includes(id)),
);

/** Predictions and targets that are both N(0, I), with a correlation of 0.8. */
function measure(rows: number, cols: number, seed: number) {
  const prediction = gaussian(rows, cols, 2 * seed);
  const noise = gaussian(rows, cols, 2 * seed + 1);
  const target = filled(rows, cols, (i, j) => {
    const at = i * cols + j;
    return 0.8 * prediction.data[at]! + 0.6 * noise.data[at]!;
  });
  return computeMetrics(createBatch({ prediction, target, klReg: 0 }), RULED).metrics;
}

describe('healthy batches of N(0, I) raise nothing under either preset', () => {
  it.each([
    [64, 64, 20],
    [128, 192, 8],
    [256, 1024, 2],
    [2048, 512, 1],
  ])(
    '%i×%i, 20 steps, %i seeds',
    (rows, cols, seeds) => {
      for (let seed = 1; seed <= seeds; seed++) {
        const series = new RuleSeries(RULES);
        const diagnoser = new Diagnoser();
        for (let i = 1; i <= STEPS; i++) {
          const at = { step: i * 100, values: measure(rows, cols, seed * 1000 + i) };
          expect(series.judge(at).alerts).toEqual([]);
          expect(diagnoser.judge(at)).toMatchObject({ label: 'healthy', since: 100 });
        }
      }
    },
    60_000,
  );
});
