import { describe, expect, it } from 'vitest';
import { DEFAULT_METRIC_IDS } from '#metrics/ids.js';
import { computeMetrics } from '#metrics/index.js';
import { createBatch } from '#numerics/matrix/batch.js';
import { placesOfGrid } from '#numerics/positions/row-places.js';
import { Diagnoser } from '#rules/diagnosis/diagnose.js';
import { jepaRules } from '#rules/presets/jepa.js';
import { RuleSeries } from '#rules/series/series.js';
import { makeTokens, TOKEN_SEQUENCES, type TokenSequence } from '../../bench/sequences/make-tokens.js';

const STEPS = 8;
const IDS = DEFAULT_METRIC_IDS.filter((id) => id !== 'kl_reg' && id !== 'kl_excess');

/** What the preset says of a run of [samples, positions, dims] batches: `STEP RULE`, and the name at the last step. */
function judge(sequence: TokenSequence, seed: number, [samples, positions, dims]: readonly number[]) {
  const series = new RuleSeries(jepaRules());
  const diagnoser = new Diagnoser();
  const alerts: string[] = [];
  for (let step = 0; step < STEPS; step++) {
    const pair = makeTokens(sequence, { samples: samples!, positions: positions!, dims: dims!, seed, step });
    const places = placesOfGrid(pair.target.rows, positions!);
    const values = computeMetrics(createBatch({ ...pair, places }), IDS).metrics;
    const judged = series.judge({ step: step + 1, values });
    alerts.push(...judged.alerts.map(({ rule }) => `${step + 1} ${rule.id}`));
    diagnoser.judge({ step: step + 1, values });
  }
  return { alerts, label: diagnoser.run?.label };
}

describe.each([
  [16, 4, 16],
  [24, 9, 32],
])('tokens of %i samples, %i positions and %i dimensions', (...shape) => {
  it('raise nothing where they are healthy: N(0, I) and a mean for each position, 100 seeds', () => {
    for (let seed = 1; seed <= 100; seed++) {
      expect([seed, judge('healthy', seed, shape)]).toEqual([seed, { alerts: [], label: 'healthy' }]);
    }
  });

  it.each(TOKEN_SEQUENCES.filter((sequence) => sequence !== 'healthy'))(
    '%s is seen and named',
    (sequence) => {
      for (const seed of [1, 2, 3]) expect(judge(sequence, seed, shape)).toMatchObject({ label: sequence });
    },
  );
});
