import { describe, expect, it } from 'vitest';
import { CORE_METRIC_IDS } from '#metrics/ids.js';
import { computeMetrics } from '#metrics/index.js';
import { klRegNull } from '#numerics/gaussian/kl-null.js';
import { createBatch } from '#numerics/matrix/batch.js';
import { expectClose } from '../tolerances.js';
import {
  GOLDEN_RUNS,
  GOLDEN_SETS,
  type GoldenRun,
  type GoldenSet,
  readGolden,
  readPair,
  stepFolder,
} from './golden-files.js';
import type { CoreId } from './matrices.js';

type Values = Readonly<Partial<Record<CoreId, number>>>;

/** An expected 0 holds by definition (a constant, a single row), so it is met exactly. */
function expectMetrics(folder: string, expected: Values): void {
  const batch = createBatch({ ...readPair(folder), klReg: 'computed' });
  const { metrics, unavailable } = computeMetrics(batch, CORE_METRIC_IDS);
  expect(unavailable).toEqual({});
  for (const [id, value] of Object.entries(expected) as [CoreId, number][]) {
    if (value === 0) expect(metrics[id], id).toBe(0);
    else expectClose(metrics[id], value, id, folder);
  }
}

it('finds the golden sets and runs', () => {
  expect(GOLDEN_SETS.length).toBeGreaterThan(50);
  expect(GOLDEN_RUNS.length).toBeGreaterThanOrEqual(4);
});

describe.each(GOLDEN_SETS)('golden/%s', (name) => {
  const folder = `golden/${name}`;
  const expected = readGolden<GoldenSet>(`${folder}/expected.json`);

  it(expected.description, () => {
    expect(Object.keys(expected.metrics)).toEqual(CORE_METRIC_IDS);
    expectMetrics(folder, expected.metrics);
  });

  it('kl_reg of the prediction', () => {
    const batch = createBatch({ ...readPair(folder), klReg: 'computed', klFrom: 'prediction' });
    expectClose(
      computeMetrics(batch, ['kl_reg']).metrics.kl_reg,
      expected.kl_reg_of_prediction,
      'kl_reg',
      folder,
    );
  });

  it('kl_reg_null', () => {
    const actual = klRegNull(expected.rows, expected.dims);
    if (expected.kl_reg_null === null) expect(actual).toBeNull();
    else expectClose(actual, expected.kl_reg_null, 'kl_reg_null', folder);
  });
});

describe.each(GOLDEN_RUNS)('runs/%s', (run) => {
  const expected = readGolden<GoldenRun>(`runs/${run}/expected.json`);

  it.each(expected.steps.map(({ step, metrics }) => [step, metrics] as const))('step %i', (step, metrics) => {
    expectMetrics(stepFolder(run, step), metrics);
  });
});
