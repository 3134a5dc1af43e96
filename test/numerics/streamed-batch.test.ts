import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DROWNED } from '#metrics/closed-form-kl.js';
import { CORE_METRIC_IDS, DEFAULT_METRIC_IDS, METRIC_IDS, type MetricId } from '#metrics/ids.js';
import { computeMetrics } from '#metrics/index.js';
import { type BatchInput, createBatch } from '#numerics/matrix/batch.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { StreamedBatch } from '#numerics/streaming/streamed-batch.js';
import { gaussian } from '../metrics/gaussian.js';
import { expectClose, familyOf } from '../tolerances.js';
import { passBy } from './pass-by.js';

type Change = (x: number, i: number, j: number) => number;

/** What is done to entries of N(0, 1): sets on which naive sums of squares lose their digits. */
const SETS: Readonly<Record<string, Change>> = {
  'N(0, I)': (x) => x,
  'far from the origin and close together': (x) => 1e3 + 1e-4 * x,
  'tight clusters, one after the other': (x, i, j) => 100 * Math.sin(Math.floor(i / 20) * 7 + j) + 1e-3 * x,
  'constant columns': (x, _, j) => (j % 2 === 0 ? 0.1 : x),
  'rows of zeros': (x, i) => (i % 3 === 0 ? 0 : x),
  'the same row': (_, __, j) => 0.1 * (j + 1),
  'a first row far from all others': (x, i) => (i === 0 ? 1e3 : x),
  huge: (x) => 1e150 * x,
  tiny: (x) => 1e-150 * x,
};

function changed({ data, rows, cols }: Matrix, change: Change, isWide: boolean): Matrix {
  const values = Float64Array.from(data, (x, k) => change(x, Math.floor(k / cols), k % cols));
  const fits = values.every((x) => Math.abs(x) < 1e38);
  return { data: isWide || !fits ? values : Float32Array.from(values), rows, cols };
}

/** The sets whose Gram matrices, centred or not, have singular values that their rounding hides. */
const LONG_TAILS = new Set([
  'far from the origin and close together',
  'tight clusters, one after the other',
  'a first row far from all others',
]);
/** Their spectra span more than kl_reg's determinant can be told of in blocks. */
const MAY_DROWN = new Set(['huge', 'a first row far from all others']);
const OF_THE_TAIL = /_alpha_req$/;

function expectSame(input: BatchInput, lengths: readonly number[], ids: readonly MetricId[], set = ''): void {
  const whole = computeMetrics(createBatch(input), ids);
  const passed = passBy(input, lengths, ids);
  // The one number that a matrix in memory may have and one that passes by not.
  const drowned = ids.filter((id) => MAY_DROWN.has(set) && passed.unavailable[id] === DROWNED);
  const reasons = Object.fromEntries(drowned.map((id) => [id, DROWNED]));
  expect(passed.unavailable).toEqual({ ...whole.unavailable, ...reasons });
  for (const id of ids) {
    const [a, b] = [passed.estimates[id], whole.estimates[id]];
    expect(a?.pairs).toBe(b?.pairs);
    if (b !== undefined)
      expectClose(a?.standardError, b.standardError, familyOf(id), `${id}: standard error`);
  }
  for (const id of ids) {
    const expected = drowned.includes(id) ? null : whole.metrics[id];
    if (expected === null || expected === undefined) expect(passed.metrics[id]).toBe(expected);
    else {
      const isTail = LONG_TAILS.has(set) && OF_THE_TAIL.test(id);
      expectClose(passed.metrics[id], expected, isTail ? 'spectrum_with_a_long_tail' : familyOf(id), id);
    }
  }
}

const shapes = fc
  .record({ cols: fc.integer({ min: 1, max: 9 }), more: fc.integer({ min: 0, max: 90 }) })
  .map(({ cols, more }) => ({ rows: cols + more, cols }));
const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 });

describe.each(Object.entries(SETS))('rows that pass by: %s', (set, change) => {
  it('have the numbers of the whole, whatever the blocks', () => {
    fc.assert(
      fc.property(shapes, lengths, fc.nat(1000), fc.boolean(), ({ rows, cols }, blocks, seed, isWide) => {
        const matrix = (k: number) => changed(gaussian(rows, cols, 3 * seed + k), change, isWide);
        const input = {
          prediction: matrix(0),
          target: matrix(1),
          context: matrix(2),
          klReg: 'computed',
        } as const;
        expectSame(input, blocks, METRIC_IDS, set);
      }),
      { numRuns: 40 },
    );
  });
});

describe('kl_reg of rows that pass by', () => {
  /** Of rank 2 at most. */
  const lowRank = (scale: number): Matrix => {
    const { data } = gaussian(120, 2, 5);
    const value = (i: number, j: number) =>
      scale * (data[2 * i]! * Math.sin(j) + data[2 * i + 1]! * Math.cos(3 * j));
    return {
      data: Float64Array.from({ length: 120 * 20 }, (_, k) => value(Math.floor(k / 20), k % 20)),
      rows: 120,
      cols: 20,
    };
  };

  it.each([1e-3, 1, 1e2, 1e4, 1e6])('of low rank at scale %d is that of the whole', (scale) => {
    const input = { prediction: lowRank(scale), target: lowRank(scale), klReg: 'computed' } as const;
    expectSame(input, [17, 40], ['kl_reg', 'kl_excess']);
  });

  it('is null with a reason where the spectrum spans more than float64 tells', () => {
    const input = {
      prediction: lowRank(1e12),
      target: null,
      klReg: 'computed',
      klFrom: 'prediction',
    } as const;
    const { metrics, unavailable } = passBy(input, [17], ['kl_reg']);
    expect(metrics.kl_reg).toBeNull();
    expect(unavailable.kl_reg).toContain('lost in rounding');
  });
});

const SAMPLED = [
  'pairwise_pred_dist_mean',
  'pairwise_target_dist_mean',
  'pred_uniformity',
  'target_uniformity',
] as const;

const three = (rows: number, cols: number) => ({
  prediction: gaussian(rows, cols, 1),
  target: gaussian(rows, cols, 2),
  context: gaussian(rows, cols, 3),
  klReg: 'computed' as const,
});

describe('how often rows pass by', () => {
  it.each([
    ['the seven', CORE_METRIC_IDS],
    ['the default metrics', DEFAULT_METRIC_IDS],
    ['all metrics', METRIC_IDS],
  ] as const)('twice for %s', (_, ids) => {
    expect(passBy(three(60, 4), [7], ids).passes).toBe(2);
  });

  it('once for what needs no mean', () => {
    expect(passBy(three(60, 4), [7], ['pred_cos_mean', 'pred_l2_mean']).passes).toBe(1);
  });

  it('no oftener for an estimate from a pool', () => {
    const input = { ...three(2200, 1024), pairwise: 1500 };
    expect(passBy(input, [700], CORE_METRIC_IDS).passes).toBe(2);
  });
});

describe('estimates', () => {
  it.each([
    ['pairs that are all in the pool', 300, 400],
    ['pairs of a larger matrix', 3000, 400],
  ])('%s have the same numbers as in memory', (_, rows, pairwise) => {
    expectSame({ ...three(rows, 2), pairwise, seed: 7 }, [501, 20], SAMPLED);
  });

  it('from a pool and the rows that pass it, beyond what it holds, too', () => {
    expectSame({ ...three(2200, 1024), pairwise: 1500, seed: 7 }, [501, 20], SAMPLED);
  });
});

describe('what is wrong with a row', () => {
  it.each([
    ['NaN', Number.NaN],
    ['Inf', Number.POSITIVE_INFINITY],
  ])('is told by its place in the whole: %s', (name, value) => {
    const input = three(60, 4);
    input.target.data[4 * 37 + 2] = value;
    expect(() => passBy(input, [8], ['pred_var_per_dim'])).toThrow(`target has ${name} at row 37, column 2`);
  });

  it('shapes that disagree are refused before a row is read', () => {
    const shape = { rows: 5, cols: 2, valueBytes: 4 } as const;
    const input = { prediction: shape, target: { ...shape, rows: 6 }, context: null, maxBytes: 100 };
    expect(() => new StreamedBatch(input)).toThrow('prediction is [5, 2], target is [6, 2]');
  });
});

it('what needs every row at once is refused with both figures, and only that', () => {
  const input = three(100, 4);
  expect(() => passBy(input, [10], ['pairwise_pred_dist_mean'], 3199)).toThrow(
    expect.objectContaining({ code: 'E220', fields: { argument: 'prediction', needed: 3200, budget: 3199 } }),
  );
  expect(passBy(input, [10], ['pred_var_per_dim'], 3199).metrics.pred_var_per_dim).toBeGreaterThan(0);
});
