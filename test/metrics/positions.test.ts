import { describe, expect, it } from 'vitest';
import { POSITION_METRIC_IDS } from '#metrics/ids.js';
import { computeMetrics } from '#metrics/index.js';
import { createBatch } from '#numerics/matrix/batch.js';
import { placesOfGrid, type RowPlaces, rowPlaces } from '#numerics/positions/row-places.js';
import { passBy } from '../numerics/pass-by.js';
import { expectClose, familyOf } from '../tolerances.js';
import { gaussian } from './gaussian.js';
import { type Expected, readSet, SETS } from './position-sets.js';

function expectValues(found: ReturnType<typeof computeMetrics>, { metrics }: Expected): void {
  for (const id of POSITION_METRIC_IDS) {
    const expected = metrics[id]!;
    if (expected === null) {
      expect(found.metrics[id], id).toBeNull();
      expect(found.unavailable[id], id).toMatch(/\S/);
    } else expectClose(found.metrics[id], expected, familyOf(id), id);
  }
}

describe.each(SETS)('%s', (name) => {
  const { input, expected } = readSet(name);

  it(expected.description, () => {
    expectValues(computeMetrics(createBatch(input), POSITION_METRIC_IDS), expected);
  });

  it.each([[[1]], [[5]], [[3, 17, 1]]])('the same of rows that pass by %j at a time', (lengths) => {
    if (input.prediction.rows < input.prediction.cols) return;
    const found = passBy(input, lengths, POSITION_METRIC_IDS);
    expectValues(found, expected);
    expect(found.passes).toBe(2);
  });
});

it('a matrix of two axes has none, and is not read for them', () => {
  const step = { prediction: gaussian(40, 4, 1), target: gaussian(40, 4, 2) };
  const { metrics, unavailable } = computeMetrics(createBatch(step), POSITION_METRIC_IDS);
  for (const id of POSITION_METRIC_IDS) {
    expect(metrics[id]).toBeNull();
    expect(unavailable[id]).toContain('three axes');
  }
});

it('embeddings alone have the shares, and not what needs a target', () => {
  const batch = createBatch({ prediction: gaussian(80, 4, 1), target: null, places: placesOfGrid(80, 5) });
  const { metrics } = computeMetrics(batch, POSITION_METRIC_IDS);
  expect(metrics.pred_sample_variance_share).toBeGreaterThan(0.8);
  expect(metrics.pred_token_variance_share).toBeGreaterThan(0.6);
  expect([metrics.target_sample_variance_share, metrics.pred_target_sample_var_ratio]).toEqual([null, null]);
});

it.each([1e160, 1e-170])('values of %f, whose squares leave float64, have none', (scale) => {
  const { data, rows, cols } = gaussian(80, 4, 1);
  const prediction = { data: Float64Array.from(data, (x) => x * scale), rows, cols };
  const batch = createBatch({ prediction, target: prediction, places: placesOfGrid(80, 5) });
  for (const value of Object.values(computeMetrics(batch, POSITION_METRIC_IDS).metrics))
    expect(value).toBeNull();
});

it('healthy batches of N(0, I) lie far from every bound, whatever their shape', () => {
  for (let seed = 0; seed < 100; seed++) {
    const positions = 2 + (seed % 12);
    const rows = positions * (8 + (seed % 7));
    const step = { prediction: gaussian(rows, 6, seed), target: gaussian(rows, 6, seed + 1000) };
    const { metrics } = computeMetrics(
      createBatch({ ...step, places: placesOfGrid(rows, positions) }),
      POSITION_METRIC_IDS,
    );
    expect(metrics.target_sample_variance_share).toBeGreaterThan(0.7);
    expect(metrics.target_token_variance_share).toBeGreaterThan(0.3);
  }
});

describe('where rows lie', () => {
  const numbers = (places: RowPlaces, rows: number) => [
    [...places.samplesOf(0, rows)],
    [...places.positionsOf(0, rows)],
  ];

  it('in [2, 3, D]', () => {
    expect(numbers(placesOfGrid(6, 3), 6)).toEqual([
      [0, 0, 0, 1, 1, 1],
      [0, 1, 2, 0, 1, 2],
    ]);
  });

  it('in [3, 2, D] with the samples along axis 1', () => {
    const places = rowPlaces([{ from: 0, count: 6, inner: 1, samples: 2, outer: 3, firstSample: 0 }]);
    expect(places.samplesTogether).toBe(false);
    expect(numbers(places, 6)).toEqual([
      [0, 1, 0, 1, 0, 1],
      [0, 0, 1, 1, 2, 2],
    ]);
  });

  it('in two ranks, of rows that a mask keeps', () => {
    const rank = (firstSample: number) => ({
      from: 0,
      count: 4,
      inner: 2,
      samples: 2,
      outer: 1,
      firstSample,
    });
    const places = rowPlaces([rank(0), rank(2)]).keep(Uint32Array.of(1, 3, 4, 5));
    expect(numbers(places, 4)).toEqual([
      [0, 1, 2, 2],
      [1, 1, 0, 1],
    ]);
    expect([...places.samplesOf(1, 2)]).toEqual([1, 2]);
    expect([...places.keep(Uint32Array.of(1, 3)).samplesOf(0, 2)]).toEqual([1, 2]);
  });
});
