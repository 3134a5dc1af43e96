import { describe, expect, it } from 'vitest';
import { createBatch } from '#numerics/matrix/batch.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { MatrixInMemory } from '#numerics/matrix/matrix-in-memory.js';
import type { Estimated } from '#numerics/pairs/estimate.js';
import { nearestNeighbour } from '#numerics/pairs/nearest-neighbour.js';
import { queriesOf, SEARCH_LIMITS } from '#numerics/pairs/queries.js';
import { nearestClasses } from '#numerics/rows/nearest-classes.js';
import { StreamedBatch } from '#numerics/streaming/streamed-batch.js';
import { gaussian } from '../metrics/gaussian.js';
import { rowsOf } from './pass-by.js';

const ALL = { exact: Number.POSITIVE_INFINITY, sampled: 0 };
/** 300 of 900 rows of 4 dimensions. */
const SOME = { exact: 0, sampled: 300 * 900 * 4 };

const auto = (seed: number) => ({ pairwise: 'auto' as const, seed });

function streamed(target: Matrix, label: Matrix | null, seed = 0, maxBytes = 1e9): StreamedBatch {
  const shape = { rows: target.rows, cols: target.cols, valueBytes: 8 } as const;
  return new StreamedBatch({
    prediction: shape,
    target: null,
    context: null,
    label,
    maxBytes,
    ...auto(seed),
  });
}

function passAll(batch: StreamedBatch, { rows, ...rest }: Matrix, step: number): void {
  while (batch.startPass() !== null) {
    for (let start = 0; start < rows; start += step) {
      const prediction = rowsOf({ rows, ...rest }, start, Math.min(rows, start + step));
      batch.pass({ prediction, target: null, context: null });
    }
    batch.endPass();
  }
}

const matrix = gaussian(900, 4, 3);
const label: Matrix = {
  data: Float64Array.from({ length: 900 }, (_, i) =>
    matrix.data[4 * i]! > 0.5 ? 1 : matrix.data[4 * i + 1]! > 0 ? 2 : 3,
  ),
  rows: 900,
  cols: 1,
};

describe('some of the rows search all others', () => {
  it('the distance to the nearest, within its standard error of that of all', () => {
    const exact = new MatrixInMemory('target', matrix).get(nearestNeighbour(ALL)) as number;
    let squares = 0;
    for (let seed = 0; seed < 60; seed++) {
      const { value, estimate } = new MatrixInMemory('target', matrix, auto(seed)).get(
        nearestNeighbour(SOME),
      ) as Estimated;
      expect(estimate.pairs).toBe(300 * 900);
      squares += ((value - exact) / estimate.standardError) ** 2 / 60;
    }
    expect(Math.abs(Math.log2(squares))).toBeLessThan(1);
  });

  it('the same where rows pass by', () => {
    const quantity = nearestNeighbour(SOME);
    const batch = streamed(matrix, null, 5);
    batch.declare([{ prediction: [quantity] }]);
    passAll(batch, matrix, 77);
    const whole = new MatrixInMemory('target', matrix, auto(5)).get(quantity) as Estimated;
    const passed = batch.prediction.get(quantity) as Estimated;
    expect(passed.value / whole.value).toBeCloseTo(1, 12);
    expect(passed.estimate.standardError / whole.estimate.standardError).toBeCloseTo(1, 9);
  });

  it('the classes of the nearest, within the standard error', () => {
    const of = (limits: typeof ALL, seed: number) =>
      createBatch({ prediction: matrix, target: null, label, ...auto(seed) }).get(
        nearestClasses('prediction', limits),
      );
    const exact = of(ALL, 0) as number;
    expect(exact).toBeGreaterThan(0.6);
    let squares = 0;
    for (let seed = 0; seed < 60; seed++) {
      const { value, estimate } = of(SOME, seed) as Estimated;
      squares += ((value - exact) / estimate.standardError) ** 2 / 60;
    }
    expect(Math.abs(Math.log2(squares))).toBeLessThan(1);
  });

  it('rows that pass by and do not fit in memory have no neighbours, with both figures', () => {
    const quantity = nearestClasses('prediction');
    const batch = streamed(matrix, label, 0, 28_799);
    batch.declare([{ step: [quantity] }]);
    passAll(batch, matrix, 100);
    expect(batch.get(quantity)).toMatch(/28800 bytes of it are needed at once; the budget is 28799/);
    const fits = streamed(matrix, label, 0, 28_800);
    fits.declare([{ step: [quantity] }]);
    passAll(fits, matrix, 100);
    expect(fits.get(quantity)).toBe(
      createBatch({ prediction: matrix, target: null, label }).get(nearestClasses('prediction')),
    );
  });
});

it('all rows at once count with their copies, but for some room', () => {
  const shape = { rows: 300_000, cols: 64, valueBytes: 4 } as const;
  const neighbours = (maxBytes: number) => {
    const ofRows = {
      data: Float64Array.from({ length: shape.rows }, (_, i) => i % 2),
      rows: shape.rows,
      cols: 1,
    };
    const batch = new StreamedBatch({
      prediction: shape,
      target: null,
      context: null,
      label: ofRows,
      maxBytes,
    });
    const quantity = nearestClasses('prediction');
    batch.declare([{ step: [quantity] }]);
    return () => batch.get(quantity);
  };
  const needed = 300_000 * 64 * 36 - 2 ** 25;
  expect(neighbours(needed - 1)()).toContain(`${needed} bytes of it are needed at once`);
  // It would do: what is missing are the rows.
  expect(neighbours(needed)).toThrow(/before it is known/);
});

it('fewer dimensions than 256 count as so many: a search of 300,000 rows ends', () => {
  const { isEvery, count } = queriesOf('some', 0, SEARCH_LIMITS);
  const of = (rows: number, cols: number) => ({
    rows,
    cols,
    sampling: { pairwise: 'auto' as const, seed: 0 },
  });
  expect(isEvery(of(8838, 1024))).toBe(true);
  expect(isEvery(of(8839, 1024))).toBe(false);
  expect(count(of(8839, 1024))).toBe(4419);
  for (const cols of [1, 64, 256]) {
    expect(isEvery(of(17_677, cols))).toBe(true);
    expect(isEvery(of(17_678, cols))).toBe(false);
    expect(count(of(300_000, cols))).toBe(520);
  }
  expect(count(of(1e8, 64))).toBe(100);
  expect(isEvery({ ...of(1e6, 2), sampling: { pairwise: 'exact', seed: 0 } })).toBe(true);
});
