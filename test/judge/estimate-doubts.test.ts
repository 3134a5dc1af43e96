import { describe, expect, it } from 'vitest';
import { gate } from '#judge/gate.js';
import type { FlagValues } from '#options/flags.js';
import { judgePlanOf } from '#options/plan/judge-plan.js';
import { parseRule } from '#rules/language/parse-rule.js';
import { makeRecord } from './make-record.js';

/** A step whose distance was sampled with this standard error; 0: exact. */
function sampled(step: number, value: number, standardError: number) {
  const estimate = { method: 'sampled' as const, pairs: 1000, standardError };
  return makeRecord({
    step,
    metrics: { pairwise_pred_dist_mean: value },
    estimates: standardError === 0 ? {} : { pairwise_pred_dist_mean: estimate },
  });
}

function lastOf(records: readonly ReturnType<typeof sampled>[], flags: FlagValues = {}) {
  const report = gate(records, judgePlanOf({ preset: ['rfc-0005'], ...flags }), '0');
  return { exitCode: report.exitCode, step: report.runs[0]!.steps.at(-1)! };
}

const rules = (text: string): FlagValues => ({ preset: ['none'], failIf: [parseRule(text, 'error')] });

describe('a bound within three standard errors of an estimate', () => {
  it('is noted where the rule alerts, and the alert stays', () => {
    const { exitCode, step } = lastOf([sampled(100, 8, 0), sampled(200, 3.9, 0.05)]);
    expect(exitCode).toBe(1);
    expect(step.alerts).toHaveLength(1);
    expect(step.notes).toEqual([
      'pairwise_pred_dist_mean is in doubt: pairwise_pred_dist_mean 3.9 and its bound 4 are within three standard errors of sampling (0.05 each); `--pairwise exact` would settle it',
    ]);
  });

  it('is noted where the rule holds, and the step passes', () => {
    const { exitCode, step } = lastOf([sampled(100, 8, 0), sampled(200, 4.1, 0.05)]);
    expect(exitCode).toBe(0);
    expect(step.notes).toMatchObject([expect.stringContaining('is in doubt')]);
  });

  it.each([
    ['far from it', 200, 3.8, 0.05],
    ['exact', 200, 4, 0],
  ])('is not where the value is %s', (_, step, value, error) => {
    expect(lastOf([sampled(100, 8, 0), sampled(step, value, error)]).step.notes).toEqual([]);
  });

  it.each([
    ['pairwise_pred_dist_mean < 50% of baseline', true],
    ['pairwise_pred_dist_mean < 50% of previous', true],
    ['pairwise_pred_dist_mean < 50% of peak', true],
    ['pairwise_pred_dist_mean < 4', false],
    ['pred_var_per_dim < 12.5% of pairwise_pred_dist_mean', false],
  ])('has the error of what it is a share of: %s', (rule, inDoubt) => {
    const { notes } = lastOf([sampled(100, 8, 0.2), sampled(200, 3.9, 0)], rules(rule)).step;
    expect(notes).toHaveLength(inDoubt ? 1 : 0);
  });

  it('may be a share of another metric', () => {
    const rule = rules('pred_var_per_dim < 12.5% of pairwise_pred_dist_mean');
    expect(lastOf([sampled(100, 8.1, 0.1)], rule).step.notes).toHaveLength(1);
    expect(lastOf([sampled(100, 9, 0.1)], rule).step.notes).toHaveLength(0);
  });

  it('has no error of its own where the baseline was supplied', () => {
    const records = [sampled(100, 8, 0.2), sampled(200, 3.9, 0)];
    expect(lastOf(records, { initialPairwisePredDistMean: 8 }).step.notes).toEqual([]);
  });
});

describe('a bound within three standard errors of an estimate of a horizon', () => {
  /** A step of two horizons: the value of each, with its standard error. */
  function sampledAt(step: number, ...horizons: readonly (readonly [number, number])[]) {
    return makeRecord({
      step,
      horizons: {
        axis: 1,
        size: horizons.length,
        numbers: horizons.map((_, i) => i + 1),
        rows: horizons.map(() => 128),
        metrics: { pairwise_pred_dist_mean: horizons.map(([value]) => value) },
        unavailable: {},
        estimates: {
          pairwise_pred_dist_mean: horizons.map(([, standardError]) =>
            standardError === 0 ? null : { method: 'sampled', pairs: 1000, standardError },
          ),
        },
      },
    });
  }
  const first = sampledAt(100, [8, 0], [6, 0]);
  const at = (horizons: string) => rules(`pairwise_pred_dist_mean < 50% of baseline ${horizons}`);

  it('is noted with the horizon and its numbers', () => {
    const { exitCode, step } = lastOf([first, sampledAt(200, [7, 0.1], [2.9, 0.05])], at('at any horizon'));
    expect(exitCode).toBe(1);
    expect(step.notes).toEqual([
      expect.stringContaining('pairwise_pred_dist_mean of horizon 2 2.9 and its bound 3 are within three'),
    ]);
  });

  it.each([
    ['an alert that another horizon settles', 'at any horizon', [1, 0.05], [2.9, 0.05], 0],
    ['an alert of two in doubt', 'at any horizon', [3.9, 0.05], [2.9, 0.05], 1],
    ['a hold of which one is in doubt', 'at any horizon', [7, 0.05], [3.1, 0.05], 1],
    ['a hold in doubt at another horizon than the nearest', 'at any horizon', [4.2, 0.1], [3.1, 0], 1],
    ['a hold that none leaves open', 'at any horizon', [7, 0.05], [5, 0.05], 0],
    ['one horizon that is in doubt', 'at horizon 2', [1, 0], [3.1, 0.05], 1],
    ['one horizon beside one in doubt', 'at horizon 1', [7, 0], [3.1, 0.05], 0],
  ] as const)('tells of %s', (_, horizons, one, two, count) => {
    const { step } = lastOf([first, sampledAt(200, one, two)], at(horizons));
    expect(step.notes).toHaveLength(count);
  });

  it('has the error of the baseline of the same horizon', () => {
    const sampledFirst = sampledAt(100, [8, 0], [6, 0.2]);
    const notes = (one: number, two: number) =>
      lastOf([sampledFirst, sampledAt(200, [one, 0], [two, 0])], at('at any horizon')).step.notes;
    expect(notes(4.1, 5)).toHaveLength(0);
    expect(notes(7, 3.1)).toHaveLength(1);
  });
});

it.each([{ pairwise: 'sample:1000' }, { seed: 1 }])(
  'records of a run that differ in %j are not mixed',
  (other) => {
    const first = makeRecord({ step: 100 });
    const second = makeRecord({ step: 200, fingerprint: { ...first.fingerprint, ...other } });
    expect(() => gate([first, second], judgePlanOf({}), '0')).toThrow(
      expect.objectContaining({ code: 'E233' }),
    );
  },
);
