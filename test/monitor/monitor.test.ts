import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import type { EmbeddingInput } from '#monitor/embedding-input.js';
import { CollapseMonitor, type ObserveOptions } from '#monitor/monitor.js';
import { inputErrorOf } from '../support/thrown.js';
import { expectClose } from '../tolerances.js';
import { CONSTANT_PREDICTOR, UNIT } from './known-batches.js';

const registry = new Registry();
const observe = (monitor: CollapseMonitor, step: number, scale = 1, more: Partial<ObserveOptions> = {}) =>
  monitor.observe(
    UNIT.prediction.map((row) => row.map((x) => scale * x)),
    UNIT.target,
    { klReg: 0.25, step, registry, ...more },
  );

describe('the schedule', () => {
  it.each([
    [0, false],
    [1, false],
    [499, false],
    [500, true],
    [501, false],
    [1000, true],
  ])('every 500 steps unless told: %i is %s', (step, scheduled) => {
    expect(new CollapseMonitor().shouldLog(step)).toBe(scheduled);
  });

  it('follows logEverySteps', () => {
    const monitor = new CollapseMonitor({ logEverySteps: 3 });
    expect([0, 1, 2, 3, 4, 5, 6].filter((step) => monitor.shouldLog(step))).toEqual([3, 6]);
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '500', null, undefined])(
    'refuses step %s, forced or not',
    (bad) => {
      const step = bad as number;
      const monitor = new CollapseMonitor();
      for (const force of [false, true]) {
        const error = inputErrorOf(() => observe(monitor, step, 1, { force }));
        expect(error).toMatchObject({ code: 'E224', fields: { step } });
      }
      expect(inputErrorOf(() => monitor.shouldLog(step)).message).toContain('step must be an integer >= 0');
    },
  );

  it.each([0, -1, 1.5, Number.NaN, '500', null])('refuses logEverySteps %s', (bad) => {
    const logEverySteps = bad as number;
    const error = inputErrorOf(() => new CollapseMonitor({ logEverySteps }));
    expect(error).toMatchObject({ code: 'E224', fields: { logEverySteps } });
  });
});

describe('observe', () => {
  it('gives metrics and alerts of a scheduled step', () => {
    const check = new CollapseMonitor({ logEverySteps: 1 }).observe(
      CONSTANT_PREDICTOR.prediction,
      CONSTANT_PREDICTOR.target,
      { klReg: 0, step: 1, registry },
    );
    expect(check).toMatchObject({
      metrics: { pred_var_per_dim: 0, target_var_per_dim: 5 },
      alerts: [{ criterion: 'pred_var_per_dim', value: 0, threshold: 2.5 }],
      tripped: true,
    });
    expect(observe(new CollapseMonitor(), 500)).toMatchObject({ alerts: [], tripped: false });
  });

  it('looks at nothing but the step where it is not scheduled', async () => {
    const untouched = new Registry();
    const trap = new Proxy(
      {},
      {
        get: () => expect.fail('the batch was looked at'),
      },
    ) as EmbeddingInput;
    const monitor = new CollapseMonitor();
    const options = { klReg: Number.NaN, step: 499, registry: untouched };
    expect(monitor.observe(trap, trap, options)).toBeNull();
    expect(monitor.observe(trap, trap, { ...options, step: 0 })).toBeNull();
    expect(monitor.initialPairwisePredDistMean).toBeNull();
    expect(monitor.toJSON()).toEqual(new CollapseMonitor().toJSON());
    expect(await untouched.metrics()).toBe('\n');
  });

  it('observes any step when forced, step 0 included', () => {
    const monitor = new CollapseMonitor();
    expect(observe(monitor, 0, 1, { force: true })?.tripped).toBe(false);
    expectClose(monitor.initialPairwisePredDistMean, Math.SQRT2, 'pairwise_pred_dist_mean');
    expect(observe(monitor, 7, 1, { force: true })).not.toBeNull();
    expect(observe(monitor, 7, 1, { force: false })).toBeNull();
  });

  it('judges a computed kl_reg', () => {
    const check = observe(new CollapseMonitor(), 500, 1, { klReg: 'computed' });
    expect(check?.metrics.kl_reg).not.toBe(0.25);
    const strict = new CollapseMonitor({ thresholds: { klRegMax: check!.metrics.kl_reg / 2 } });
    expect(observe(strict, 500, 1, { klReg: 'computed' })?.alerts).toMatchObject([{ criterion: 'kl_reg' }]);
  });

  it('refuses to be without options', () => {
    const bare = CollapseMonitor.prototype.observe as (this: CollapseMonitor, ...batch: unknown[]) => unknown;
    expect(inputErrorOf(() => bare.call(new CollapseMonitor(), [[1]], [[1]])).code).toBe('E224');
  });

  it('does not remember a batch that cannot be measured', () => {
    const monitor = new CollapseMonitor();
    expect(inputErrorOf(() => observe(monitor, 500, Number.NaN)).code).toBe('E207');
    expect(inputErrorOf(() => observe(monitor, 500, 1, { klReg: Number.NaN })).code).toBe('E221');
    expect(monitor.initialPairwisePredDistMean).toBeNull();
  });

  it('refuses a bound that overflows', () => {
    const monitor = new CollapseMonitor({ thresholds: { pairwiseToInitial: 1e300 } });
    expect(inputErrorOf(() => observe(monitor, 500, 1e100)).code).toBe('E218');
  });
});

describe('the initial pairwise distance', () => {
  it("is the first observed batch's, judged from then on", () => {
    const monitor = new CollapseMonitor();
    expect(monitor.initialPairwisePredDistMean).toBeNull();
    expect(observe(monitor, 499, 8)).toBeNull();
    expect(observe(monitor, 500, 4)?.tripped).toBe(false);
    const initial = monitor.initialPairwisePredDistMean!;
    expectClose(initial, 4 * Math.SQRT2, 'pairwise_pred_dist_mean');
    expect(observe(monitor, 1000, 2)?.alerts).toEqual([]);
    expect(observe(monitor, 1500, 1.9)?.alerts).toMatchObject([
      { criterion: 'pairwise_pred_dist_mean', threshold: initial / 2 },
    ]);
    expect(monitor.initialPairwisePredDistMean).toBe(initial);
  });

  it('is itself judged against, where the threshold is above 1', () => {
    const monitor = new CollapseMonitor({ thresholds: { pairwiseToInitial: 2 } });
    expect(observe(monitor, 500)?.alerts).toMatchObject([{ criterion: 'pairwise_pred_dist_mean' }]);
  });

  it('may be supplied, and is then not replaced', () => {
    const monitor = new CollapseMonitor({ initialPairwisePredDistMean: 100 });
    expect(monitor.initialPairwisePredDistMean).toBe(100);
    expect(observe(monitor, 500)?.alerts).toMatchObject([
      { criterion: 'pairwise_pred_dist_mean', threshold: 50 },
    ]);
    expect(monitor.initialPairwisePredDistMean).toBe(100);
  });

  it('may be supplied as 0, which no distance is below', () => {
    const monitor = new CollapseMonitor({ initialPairwisePredDistMean: 0 });
    expect(observe(monitor, 500)?.alerts).toEqual([]);
    expect(monitor.initialPairwisePredDistMean).toBe(0);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '1'])('refuses %s', (bad) => {
    const initialPairwisePredDistMean = bad as number;
    const error = inputErrorOf(() => new CollapseMonitor({ initialPairwisePredDistMean }));
    expect(error).toMatchObject({ code: 'E224', fields: { initialPairwisePredDistMean } });
  });

  it('of one row is 0', () => {
    const monitor = new CollapseMonitor();
    const check = monitor.observe([[1, 2]], [[1, 3]], { klReg: 0, step: 500, registry });
    expect(check?.alerts).toEqual([]);
    expect(monitor.initialPairwisePredDistMean).toBe(0);
  });
});

describe('toJSON and fromJSON', () => {
  const options = { logEverySteps: 7, thresholds: { klRegMax: 3 }, initialPairwisePredDistMean: 5 };

  it('keep settings and memory', () => {
    const monitor = new CollapseMonitor(options);
    observe(monitor, 7, 4);
    const again = CollapseMonitor.fromJSON(JSON.parse(JSON.stringify(monitor)));
    expect(again).toMatchObject({ logEverySteps: 7, thresholds: monitor.thresholds });
    expect(again.initialPairwisePredDistMean).toBe(5);
    expect(again.toJSON()).toEqual(monitor.toJSON());
  });

  it.each<[string, (state: Record<string, unknown>) => unknown]>([
    ['null', () => null],
    ['text', () => 'x'],
    ['another version', (state) => ({ ...state, version: 2 })],
    ['a bad schedule', (state) => ({ ...state, logEverySteps: 0 })],
    ['no thresholds', (state) => ({ ...state, thresholds: null })],
    ['a bad threshold', (state) => ({ ...state, thresholds: { klRegMax: -1 } })],
    ['no series', (state) => ({ ...state, series: undefined })],
    [
      'a baseline without the distance',
      (state) => {
        const judged = { step: 7, values: {} };
        const series = { ...(state.series as object), initialPairwisePredDistMean: null };
        return { ...state, series: { ...series, baseline: judged, previous: judged } };
      },
    ],
  ])('refuse %s', (_what, spoil) => {
    const state = JSON.parse(JSON.stringify(new CollapseMonitor(options)));
    expect(inputErrorOf(() => CollapseMonitor.fromJSON(spoil(state))).code).toBe('E224');
  });
});
