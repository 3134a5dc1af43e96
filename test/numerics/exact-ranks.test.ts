import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseKernels, currentKernels } from '#kernels/choose-kernels.js';
import { computeMetrics } from '#metrics/index.js';
import { createBatch } from '#numerics/matrix/batch.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { MatrixInMemory } from '#numerics/matrix/matrix-in-memory.js';
import { CENTRED_SINGULAR_VALUES, UNCENTRED_SINGULAR_VALUES } from '#numerics/spectra/factor.js';
import { gaussian, product } from '../metrics/gaussian.js';
import { readGolden } from '../metrics/golden-files.js';
import { filled, mapped } from '../metrics/matrices.js';
import { runs } from '../support/thorough.js';
import { expectClose } from '../tolerances.js';
import { passBy } from './pass-by.js';

const kernels = currentKernels();
let factored = 0;
chooseKernels({
  ...kernels,
  qrFactor: (a, count, height) => {
    factored++;
    kernels.qrFactor(a, count, height);
  },
});

const IDS = ['pred_effective_rank', 'pred_rankme'] as const;

function ranksOf(prediction: Matrix): number[] {
  factored = 0;
  const { metrics } = computeMetrics(createBatch({ prediction, target: null }), IDS);
  return IDS.map((id) => metrics[id]!);
}

/** Of a matrix with these singular values. */
function effectiveRank(values: readonly number[]): number {
  const total = values.reduce((sum, s) => sum + s, 0);
  const shares = values.map((s) => s / total).filter((p) => p > 0);
  return Math.exp(-shares.reduce((sum, p) => sum + p * Math.log(p), 0));
}

function rankme(values: readonly number[]): number {
  const total = values.reduce((sum, s) => sum + s, 0);
  const shares = values.map((s) => s / total + 1e-7);
  return Math.exp(-shares.reduce((sum, p) => sum + p * Math.log(p), 0));
}

/** Entry (i, j) of the orthogonal matrix of order n whose column 0 is constant: a cosine transform. */
function cosine(n: number, i: number, j: number): number {
  const size = Math.sqrt((j === 0 ? 1 : 2) / n);
  return size * Math.cos(((2 * i + 1) * j * Math.PI) / (2 * n));
}

/**
 * A matrix whose centred singular values are `values` and whose mean lies along the first of their directions, so that
 * it lengthens that alone.
 */
function withValues(rows: number, cols: number, values: readonly number[], mean = 0): Matrix {
  const right = filled(values.length, cols, (k, j) => cosine(cols, j, k));
  const left = filled(rows, values.length, (i, k) => cosine(rows, i, k + 1) * values[k]!);
  const about = product(left, right);
  return mapped(about, (x, _, j) => x + mean * right.data[j]!);
}

const decades = (count: number, last: number) =>
  Array.from({ length: count }, (_, k) => 10 ** ((-last * k) / (count - 1)));
const tail = (count: number, few: number, share: number) =>
  Array.from({ length: count }, (_, k) => (k < few ? 1 - k / (2 * few) : share));

describe('golden/ranks.json', () => {
  const { values } = readGolden<{
    values: (Record<'rows' | 'dims' | 'effective_rank' | 'rankme', number> & {
      name: string;
      data: number[];
    })[];
  }>('golden/ranks.json');

  it.each(values)('$name', ({ name, rows, dims, data, effective_rank, rankme }) => {
    const [effective, me] = ranksOf({ data: Float64Array.from(data), rows, cols: dims });
    expectClose(effective, effective_rank, 'effective_rank', name);
    expectClose(me, rankme, 'rankme', name);
  });
});

describe('matrices whose singular values are known', () => {
  it.each([
    ['a long tail', 60_000, 24, tail(24, 4, 3e-6), 0],
    ['a long tail about a mean', 60_000, 24, tail(24, 4, 3e-6), 0.1],
    ['decades', 700, 40, decades(40, 16), 0],
    ['decades about a mean', 700, 40, decades(40, 16), 2],
    ['decades, wide', 40, 700, decades(39, 16), 0],
    ['decades about a mean, wide', 40, 700, decades(39, 16), 2],
    ['decades, square', 60, 60, decades(59, 16), 0],
    ['of low rank', 300, 60, decades(7, 3), 0.3],
    ['of low rank, wide', 60, 300, decades(7, 3), 0.3],
  ] as const)('%s, %i × %i', (_, rows, cols, values, mean) => {
    const matrix = withValues(rows, cols, values, mean);
    const [effective, me] = ranksOf(matrix);
    expect(factored).toBeGreaterThan(0);
    const centred = [...values, ...new Array(Math.min(rows, cols) - values.length).fill(0)];
    const whole = [Math.hypot(values[0]!, mean * Math.sqrt(rows)), ...centred.slice(1)];
    expectClose(effective, effectiveRank(centred), 'effective_rank');
    expectClose(me, rankme(whole), 'rankme');
  });

  it.each([
    [256, 192],
    [192, 256],
    [200, 200],
    [1500, 60],
  ])('ordinary batches need no factor of their own, %i × %i', (rows, cols) => {
    ranksOf(mapped(gaussian(rows, cols, 3), (x) => x + 5));
    expect(factored).toBe(0);
  });

  it('equal rows need none either, whatever they are', () => {
    const dims = 50;
    expectClose(
      ranksOf(filled(90, dims, (_, j) => j - 3))[1],
      rankme([1, ...new Array(49).fill(0)]),
      'rankme',
    );
    expect(factored).toBe(0);
  });
});

interface Shape {
  readonly rows: number;
  readonly cols: number;
  readonly seed: number;
  readonly decades: number;
  readonly mean: number;
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  rows: fc.integer({ min: 2, max: 40 }),
  cols: fc.integer({ min: 2, max: 40 }),
  seed: fc.nat(1e6),
  decades: fc.double({ min: 0, max: 14, noNaN: true }),
  mean: fc.constantFrom(0, 1, 1e3),
});

/** Normal columns on scales over some decades, turned, about a mean. */
function steep({ rows, cols, seed, decades, mean }: Shape): Matrix {
  const scaled = mapped(gaussian(rows, cols, seed), (x, _, j) => x * 10 ** ((-decades * j) / cols));
  return mapped(turned(scaled, seed + 1), (x, _, j) => x + mean * Math.cos(j + seed));
}

/** The rows reflected. */
function turned(matrix: Matrix, seed: number): Matrix {
  const v = gaussian(1, matrix.cols, seed).data;
  let length = 0;
  for (const x of v) length += x * x;
  return mapped(matrix, (x, i, j) => {
    let along = 0;
    for (let k = 0; k < v.length; k++) along += matrix.data[i * v.length + k]! * v[k]!;
    return x - (2 * along * v[j]!) / length;
  });
}

function expectSame(matrix: Matrix, other: Matrix, which: readonly number[] = [0, 1]): void {
  const [expected, actual] = [ranksOf(matrix), ranksOf(other)];
  for (const k of which) expectClose(actual[k], expected[k]!, 'effective_rank');
}

describe('neither rank changes', () => {
  it('as the rows and columns change places or unit', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const matrix = steep(shape);
        const { data, rows, cols } = matrix;
        const other = (i: number, j: number) => data[(rows - 1 - i) * cols + ((j + 1) % cols)]!;
        expectSame(matrix, filled(rows, cols, other));
        expectSame(
          matrix,
          mapped(matrix, (x) => 1024 * x),
        );
        expectSame(
          matrix,
          mapped(matrix, (x) => x * 2 ** -600),
        );
      }),
      runs(200),
    );
  });

  it('as the rows turn, but by what turning rounds', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const matrix = steep({ ...shape, mean: 0 });
        expectSame(matrix, turned(matrix, 7));
      }),
      runs(200),
    );
  });

  it('as every row comes twice, where there are as many dimensions as it takes', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const { data, rows, cols } = steep({ ...shape, rows: shape.rows + shape.cols });
        const twice = filled(2 * rows, cols, (i, j) => data[(i >> 1) * cols + j]!);
        expectSame({ data, rows, cols }, twice);
      }),
      runs(200),
    );
  });

  it('as the same row comes many times, at the beginning or spread', () => {
    const shape = fc.record({
      rows: fc.integer({ min: 16, max: 48 }),
      cols: fc.integer({ min: 8, max: 600 }),
      times: fc.integer({ min: 3, max: 15 }),
      seed: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(shape, ({ rows, cols, times, seed }) => {
        const distinct = gaussian(rows, cols, seed);
        const sourceOf = (i: number) => (i < times ? 0 : i);
        const spread = (i: number) => sourceOf((i * 7) % rows);
        const first = filled(rows, cols, (i, j) => distinct.data[sourceOf(i) * cols + j]!);
        const there = filled(rows, cols, (i, j) => distinct.data[spread(i) * cols + j]!);
        if (rows % 7 === 0) return;
        const [at, also] = [ranksOf(first), ranksOf(there)];
        for (const [k, rank] of at.entries()) expectClose(also[k]!, rank, 'effective_rank', IDS[k]!);
        expect(at[0]).toBeLessThanOrEqual((rows - times) * (1 + 1e-9));
      }),
      runs(200),
    );
  });

  it('as rows pass by in blocks, which takes a third pass where the Gram matrix lacks the digits', () => {
    const seen = new Set<number>();
    fc.assert(
      fc.property(
        shapes,
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 3 }),
        (shape, blocks) => {
          const matrix = steep({ ...shape, rows: shape.rows + shape.cols });
          const expected = ranksOf(matrix);
          const needed = factored > 0;
          const { metrics, passes } = passBy({ prediction: matrix, target: null }, blocks, IDS);
          for (const [k, id] of IDS.entries()) expectClose(metrics[id], expected[k]!, 'effective_rank', id);
          if (needed) expect(passes).toBe(3);
          seen.add(passes);
        },
      ),
      runs(200),
    );
    expect([...seen].sort()).toEqual([2, 3]);
  });
});

it('what the Gram matrix is trusted with is what a factor gives', () => {
  let trusted = 0;
  fc.assert(
    fc.property(shapes, fc.integer({ min: 1, max: 4 }), ({ rows, cols, ...rest }, times) => {
      const matrix = steep({ rows: rows * times, cols: cols * times, ...rest });
      const [effective, me] = ranksOf(matrix);
      if (factored > 1) return;
      trusted++;
      const view = new MatrixInMemory('prediction', matrix);
      expectClose(effective, effectiveRank([...view.get(CENTRED_SINGULAR_VALUES)]), 'effective_rank');
      expectClose(me, rankme([...view.get(UNCENTRED_SINGULAR_VALUES)]), 'rankme');
    }),
    runs(500),
  );
  expect(trusted).toBeGreaterThan(10);
});
