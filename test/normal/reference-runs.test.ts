import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueAt } from '#normal/curves.js';
import { medianOf, medianOfSorted, medianWithout } from '#normal/order.js';
import { mostLost, PreparedRuns, runsFor } from '#normal/reference-runs.js';
import { ReferenceSeries } from '#normal/reference-series.js';
import { type Curves, runsOf } from './records.js';

const flat = (value: number, steps = 3): Curves => ({ pred_cos_centered_mean: Array(steps).fill(value) });
const THREE = [flat(0.5), flat(0.6), flat(0.8)];

describe('medians', () => {
  it('are of the middle, of all or without one', () => {
    expect(medianOf([3, 1, 2])).toBe(2);
    expect(medianOf([4, 1, 2, 3])).toBe(2.5);
    expect(medianOf([])).toBeNaN();
    const numbers = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 });
    fc.assert(
      fc.property(numbers, (values) => {
        expect(medianOf(values)).toBe(medianOfSorted(Float64Array.from(values).sort()));
      }),
    );
    for (const [index, rest] of [
      [0, 2.5],
      [1, 2],
      [2, 1.5],
    ] as const)
      expect(medianWithout([1, 2, 3], index)).toBe(rest);
  });
});

describe('a curve between its steps', () => {
  it('is a line, and nothing before, beyond and beside a step without a value', () => {
    const steps = [100, 200, 300, 400];
    const values = [1, 3, null, 5];
    expect([50, 100, 150, 200, 250, 300, 350, 400, 450].map((step) => valueAt(steps, values, step))).toEqual([
      null,
      1,
      2,
      3,
      null,
      null,
      null,
      5,
      null,
    ]);
  });
});

describe('levels and runs', () => {
  it('takes 3 runs for 0.25, 9 for 0.1 and 19 for 0.05', () => {
    expect([0.25, 0.1, 0.05, 0.01].map(runsFor)).toEqual([3, 9, 19, 99]);
    expect(mostLost(3, 0.25)).toBe(0);
    expect(mostLost(2, 0.25)).toBe(-1);
    expect(mostLost(18, 0.05)).toBe(-1);
  });

  it('lets one run of 29 deviate as far at 0.1, where no more than three of 30 can', () => {
    expect(mostLost(28, 0.1)).toBe(0);
    expect(mostLost(29, 0.1)).toBe(1);
  });
});

describe('the band of three runs', () => {
  const prepared = new PreparedRuns(runsOf(THREE, 0.25));
  const { centre, bound, badSide } = prepared.bandsAt(200).get('pred_cos_centered_mean')!;

  it('has the median and, of one metric, the run that is furthest on its bad side', () => {
    expect(centre).toBeCloseTo(0.6, 12);
    expect(bound).toBeCloseTo(0.5, 12);
  });

  it('measures a value against each run, both from the two others, in units of their distance', () => {
    // Without the first run: centre 0.7, unit 0.2/2.3262, its own deviation 0.2 units of that.
    const units = [0.2, 0.3, 0.1].map((distance) => distance / 2.3262);
    const deviations = badSide!.deviations(0.45);
    const expected = [0.25, 0.2, 0.1].map((distance, i) => distance / units[i]!);
    for (const [i, deviation] of deviations.entries()) expect(deviation).toBeCloseTo(expected[i]!, 10);
    const own = [0.2, 0.05, 0].map((distance, i) => distance / units[i]!);
    const beaten = (squares: readonly number[]) => 3 - prepared.unbeaten(squares);
    expect(beaten(deviations.map((x) => x * x))).toBe(3);
    expect(beaten(own.map((x) => (x * (1 + 1e-6)) ** 2))).toBe(2);
    expect(beaten(own.map((x) => (x * (1 + 1e-12)) ** 2))).toBe(0);
  });

  it('leaves a metric less room beside another that deviates', () => {
    const half = [0.1, 0.025, 0].map((distance, i) => (distance / [0.2, 0.3, 0.1][i]!) * 2.3262);
    // √(1 − ¼) of each run's own deviation is left.
    expect(badSide!.boundBeside(half.map((x) => x * x))).toBeCloseTo(0.7 - 0.2 * Math.sqrt(0.75), 10);
    expect(badSide!.boundBeside([1e6, 1e6, 1e6])).toBeCloseTo(0.55, 10);
  });

  it('judges no metric without a bad direction', () => {
    const curves = [1, 2, 4].map((x): Curves => ({ pred_l2_mean: [x, x] }));
    expect(new PreparedRuns(runsOf(curves, 0.25)).bandsAt(100).get('pred_l2_mean')).toMatchObject({
      centre: expect.closeTo(2, 10),
      bound: null,
      badSide: null,
    });
  });

  it('is a median alone of one golden run', () => {
    const one = new PreparedRuns(runsOf([flat(0.6)], null));
    expect(one.bandsAt(100).get('pred_cos_centered_mean')).toEqual({
      centre: 0.6,
      bound: null,
      badSide: null,
    });
  });
});

describe('a run against three', () => {
  const judged = (values: readonly (number | null)[], steps?: readonly number[]) => {
    const series = new ReferenceSeries(runsOf([flat(0.5, 6), flat(0.6, 6), flat(0.8, 6)], 0.25));
    return values.map((value, i) =>
      series.next(steps?.[i] ?? 100 * (i + 1), { pred_cos_centered_mean: value }),
    );
  };
  const lasts = (values: readonly (number | null)[], steps?: readonly number[]) =>
    judged(values, steps).map((step) => step.lasts);

  it('is outside where it is beyond the bound at two steps in a row', () => {
    expect(lasts([0.55, 0.4, 0.55, 0.4, 0.4, 0.4])).toEqual([0, 1, 0, 1, 2, 3]);
    expect(judged([0.55, 0.4, 0.4]).map(({ p }) => p)).toEqual([1, 1, 0.25]);
  });

  it('has p of all steps so far, which never rises', () => {
    expect(judged([0.4, 0.4, 0.9, 0.9]).map(({ p }) => p)).toEqual([1, 0.25, 0.25, 0.25]);
  });

  it('loses its row at NaN and at a missing value, which are listed', () => {
    expect(lasts([0.4, Number.NaN, 0.4, null, 0.4, 0.4])).toEqual([1, 0, 1, 0, 1, 2]);
    expect(judged([0.4, Number.NaN])[1]).toMatchObject({
      metrics: [],
      notJudged: [{ metric: 'pred_cos_centered_mean', reason: 'the run has no value' }],
    });
  });

  it('is not judged before the first step, beyond the last, and without a number', () => {
    const steps = [50, 100, 650];
    expect(judged([0.4, 0.4, 0.4], steps).map(({ reason }) => reason)).toEqual([
      'the reference begins at step 100',
      null,
      'the reference ends at step 600',
    ]);
    const series = new ReferenceSeries(runsOf(THREE, 0.25));
    expect(series.next(null, { pred_cos_centered_mean: 0 })).toMatchObject({ metrics: [], p: 1 });
  });

  it('is judged no more often than the runs of the reference were', () => {
    const steps = [100, 120, 140, 200, 220, 300];
    expect(lasts([0.4, 0.4, 0.4, 0.4, 0.4, 0.4], steps)).toEqual([1, 0, 0, 2, 0, 3]);
  });

  it('is judged at its own steps between those of the reference', () => {
    expect(lasts([0.4, 0.4], [150, 250])).toEqual([1, 2]);
  });
});

describe('several metrics', () => {
  const curves = (cosine: number, r2: number): Curves => ({
    pred_cos_centered_mean: Array(3).fill(cosine),
    pred_r2: Array(3).fill(r2),
  });
  const last = (reference: readonly Curves[], cosine: number, r2: number) => {
    const series = new ReferenceSeries(runsOf(reference, 0.25));
    const values = { pred_cos_centered_mean: cosine, pred_r2: r2 };
    series.next(100, values);
    return series.next(200, values);
  };
  const ALIKE = [curves(0.5, 0.5), curves(0.6, 0.6), curves(0.8, 0.8)];

  it('count together: a run is outside that is inside of each band', () => {
    const { metrics, lasts, by, limit } = last(ALIKE, 0.46, 0.46);
    expect(lasts).toBe(2);
    for (const { value, bound } of metrics) expect(value).toBeGreaterThan(bound!);
    expect(by).toHaveLength(2);
    // Up to there the first may go beside the second.
    const [first] = metrics.filter(({ id }) => id === by[0]);
    expect(first!.value).toBeLessThan(limit!);
    const spared = { ...{ pred_cos_centered_mean: 0.46, pred_r2: 0.46 }, [by[0]!]: limit! + 1e-6 };
    expect(last(ALIKE, spared.pred_cos_centered_mean, spared.pred_r2).lasts).toBe(0);
  });

  it('are named by the fewest that are outside', () => {
    expect(last(ALIKE, 0.2, 0.6).by).toEqual(['pred_cos_centered_mean']);
    expect(last(ALIKE, 0.6, -3).by).toEqual(['pred_r2']);
    expect(last(ALIKE, 0.6, 0.6)).toMatchObject({ lasts: 0, by: [], limit: null });
  });

  it('do not make up for each other: what is better than the runs counts for nothing', () => {
    const worse = last(ALIKE, 0.4, 0.6).lasts;
    expect([worse, last(ALIKE, 0.4, 0.999).lasts]).toEqual([2, 2]);
  });
});

it('says the same whatever the order of its runs', () => {
  const values = fc.double({ min: 0.1, max: 0.9, noNaN: true });
  const curve = fc.array(values, { minLength: 3, maxLength: 3 });
  const recipe = fc.array(fc.record({ pred_cos_centered_mean: curve, pred_r2: curve }), {
    minLength: 4,
    maxLength: 7,
  });
  fc.assert(
    fc.property(recipe, curve, curve, fc.infiniteStream(fc.nat()), (curves, cosine, r2, dice) => {
      const order = curves.map((one) => ({ one, at: dice.next().value as number }));
      const shuffled = order.sort((a, b) => a.at - b.at).map(({ one }) => one);
      const [own, other] = [curves, shuffled].map((runs) => {
        const series = new ReferenceSeries(runsOf(runs, 0.25));
        return cosine.map((x, i) =>
          series.next(100 * (i + 1), { pred_cos_centered_mean: x, pred_r2: r2[i]! }),
        );
      });
      expect(other).toEqual(own);
    }),
  );
});
