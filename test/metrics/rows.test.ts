import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MetricId, ROW_METRIC_IDS } from '#metrics/ids.js';
import { computeMetrics } from '#metrics/index.js';
import { type BatchInput, createBatch } from '#numerics/matrix/batch.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { placesOfGrid } from '#numerics/positions/row-places.js';
import { passBy } from '../numerics/pass-by.js';
import { expectClose, familyOf } from '../tolerances.js';
import { gaussian } from './gaussian.js';
import { mapped } from './matrices.js';
import { type Expected, ROW_SETS, readSet } from './position-sets.js';

const measure = (input: BatchInput) => computeMetrics(createBatch(input), ROW_METRIC_IDS);

function expectValues({ metrics, unavailable }: ReturnType<typeof measure>, expected: Expected['metrics']) {
  for (const id of ROW_METRIC_IDS) {
    const value = expected[id]!;
    if (value === null) {
      expect(metrics[id], id).toBeNull();
      expect(unavailable[id], id).toMatch(/\S/);
    } else expectClose(metrics[id], value, familyOf(id), id);
  }
}

describe.each(ROW_SETS)('%s', (name) => {
  const { input, expected } = readSet(name);

  it(expected.description, () => expectValues(measure(input), expected.metrics));

  it.each([[[1]], [[5]], [[3, 17, 1]]])('the same of rows that pass by %j at a time', (lengths) => {
    if (input.prediction.rows < input.prediction.cols) return;
    expectValues(passBy(input, lengths, ROW_METRIC_IDS), expected.metrics);
  });
});

const values = (rows: number, of: (row: number) => number): Matrix => ({
  data: Float64Array.from({ length: rows }, (_, row) => of(row)),
  rows,
  cols: 1,
});

/** Classes and views that can be read, wide or tall. */
const steps = fc
  .record({
    rows: fc.integer({ min: 12, max: 50 }),
    cols: fc.integer({ min: 2, max: 40 }),
    seed: fc.nat(1000),
  })
  .map(({ rows, cols, seed }) => {
    const noise = gaussian(rows, cols, seed);
    const target = mapped(noise, (x, i, j) => x + 1.5 * Math.sin((i % 3) * (j + 1)) + Math.cos((i % 7) * j));
    return { target, label: values(rows, (row) => row % 3), group: values(rows, (row) => row % 7) };
  });

function holds(property: (step: { target: Matrix; label: Matrix; group: Matrix }) => void): void {
  fc.assert(fc.property(steps, property), { numRuns: 40 });
}

const OF_TARGET = ROW_METRIC_IDS.filter((id) => id.startsWith('target_'));
const ofTarget = ({ target, label, group }: { target: Matrix; label: Matrix; group: Matrix }) =>
  computeMetrics(createBatch({ prediction: target, target, label, group }), OF_TARGET).metrics;

function expectSame(actual: ReturnType<typeof ofTarget>, expected: typeof actual, ids = OF_TARGET): void {
  for (const id of ids) expectClose(actual[id], expected[id]!, familyOf(id), id);
}

const without = (...names: string[]) => OF_TARGET.filter((id) => !names.some((name) => id.includes(name)));

describe('what leaves them alone', () => {
  it('a rotation, and one factor for all but LiDAR, whose 1e-4 has a unit', () => {
    holds((step) => {
      const { target } = step;
      const axis = [...gaussian(1, target.cols, 7).data];
      const squared = axis.reduce((sum, a) => sum + a * a, 0);
      const along = Array.from({ length: target.rows }, (_, i) =>
        axis.reduce((sum, a, j) => sum + a * target.data[i * target.cols + j]!, 0),
      );
      const mirrored = mapped(target, (x, i, j) => x - (2 * along[i]! * axis[j]!) / squared);
      expectSame(ofTarget({ ...step, target: mirrored }), ofTarget(step));
      for (const factor of [1e-3, 1e120, -7]) {
        const scaled = { ...step, target: mapped(target, (x) => factor * x) };
        expectSame(ofTarget(scaled), ofTarget(step), without('lidar'));
      }
    });
  });

  it('a shift, but for what looks at directions', () => {
    holds((step) => {
      const shifted = { ...step, target: mapped(step.target, (x, _, j) => x + 100 + j) };
      expectSame(ofTarget(shifted), ofTarget(step), without('knn'));
    });
  });

  it('the order of the rows, but for the halves that the probe draws', () => {
    holds((step) => {
      const { rows, cols } = step.target;
      const turned = ({ data, cols: width }: Matrix): Matrix => ({
        data: Float64Array.from({ length: rows * width }, (_, k) => {
          return data[((Math.floor(k / width) + 5) % rows) * width + (k % width)]!;
        }),
        rows,
        cols: width,
      });
      const moved = { target: turned(step.target), label: turned(step.label), group: turned(step.group) };
      expect(moved.target.cols).toBe(cols);
      expectSame(ofTarget(moved), ofTarget(step), without('probe'));
    });
  });

  it('what the classes and groups are called', () => {
    holds((step) => {
      const named = {
        ...step,
        label: mapped(step.label, (x) => 1000 - 7 * x),
        group: mapped(step.group, (x) => x / 8),
      };
      expectSame(ofTarget(named), ofTarget(step));
    });
  });
});

describe('what they tell', () => {
  const label = values(240, (row) => row % 4);
  const centres = gaussian(4, 8, 9).data;
  const blobs = (noise: number) =>
    mapped(gaussian(240, 8, 1), (x, i, j) => noise * x + 10 * centres[(i % 4) * 8 + j]!);
  const of = (target: Matrix, more: Partial<BatchInput> = {}) =>
    measure({ prediction: target, target, label, ...more }).metrics;

  it('labels that are there, and labels that are not', () => {
    const there = of(blobs(1));
    expect(there.target_knn_accuracy).toBe(1);
    expect(there.target_probe_r2).toBeGreaterThan(0.9);
    const gone = of(gaussian(240, 8, 2));
    expect(gone.target_knn_accuracy).toBeLessThan(0.45);
    expect(gone.target_probe_r2).toBeLessThan(0.1);
  });

  it('clusters, which rank and variance do not', () => {
    expect(of(gaussian(240, 8, 3)).target_nearest_neighbour_ratio).toBeGreaterThan(0.3);
    expect(of(blobs(1e-3)).target_nearest_neighbour_ratio).toBeLessThan(1e-3);
  });

  it('views that only differ in noise: LiDAR counts what tells samples apart', () => {
    const group = values(240, (row) => Math.floor(row / 4));
    const apart = gaussian(60, 8, 4);
    const views = (dims: number) =>
      mapped(
        gaussian(240, 8, 5),
        (x, i, j) => x + (j < dims ? 9 * apart.data[Math.floor(i / 4) * 8 + j]! : 0),
      );
    expect(of(views(8), { group }).target_lidar).toBeGreaterThan(7);
    expect(of(views(2), { group }).target_lidar).toBeLessThan(3);
  });

  it('rows in time that know nothing of each other turn back by half', () => {
    const { temporal_straightness } = of(gaussian(240, 8, 6), { places: placesOfGrid(240, 6) });
    expect(temporal_straightness).toBeGreaterThan(-0.6);
    expect(temporal_straightness).toBeLessThan(-0.4);
  });
});

it('embeddings alone have them, the time of their own', () => {
  const prediction = gaussian(60, 4, 1);
  const { metrics, unavailable } = measure({
    prediction,
    target: null,
    label: values(60, (row) => row % 2),
    group: values(60, (row) => row % 9),
    places: placesOfGrid(60, 5),
  });
  for (const id of ROW_METRIC_IDS) {
    if (id.startsWith('target_')) expect(unavailable[id]).toBe('needs a target');
    else expect(metrics[id], id).toEqual(expect.any(Number));
  }
});

it.each([
  ['pred_knn_accuracy', 'needs a label of each row'],
  ['pred_probe_r2', 'needs a label of each row'],
  ['pred_lidar', 'needs a group of each row'],
  ['temporal_straightness', 'needs three axes: [samples, time, dims]'],
] as const)('%s says what it lacks: %s', (id: MetricId, reason) => {
  const prediction = gaussian(30, 4, 1);
  expect(measure({ prediction, target: prediction }).unavailable[id]).toBe(reason);
});

it.each([
  ['label', { ...values(29, () => 0) }, 'E214'],
  ['group', { data: new Float64Array(60), rows: 30, cols: 2 }, 'E214'],
  ['label', values(30, (row) => (row === 4 ? Number.NaN : row)), 'E207'],
] as const)('a %s of other rows or without a value is refused', (role, matrix, code) => {
  const prediction = gaussian(30, 4, 1);
  expect(() => createBatch({ prediction, target: null, [role]: matrix })).toThrow(
    expect.objectContaining({ code, fields: expect.objectContaining({ argument: role }) }),
  );
});
