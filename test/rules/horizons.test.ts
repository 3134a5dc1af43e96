import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRule } from '#rules/language/parse-rule.js';
import type { HorizonValues } from '#rules/series/series.js';
import { RuleSeries } from '#rules/series/series.js';

const value = fc.option(fc.double({ min: -2, max: 2, noNaN: true }), { freq: 8 });
/** Steps of up to four horizons; now and then one is missing. */
const steps = fc.array(
  fc.array(fc.record({ pred_r2: value, target_var_per_dim: value }), { minLength: 1, maxLength: 4 }),
  { minLength: 1, maxLength: 8 },
);
const RULES = [
  'pred_r2 < 0',
  'pred_r2 < 50% of baseline',
  'pred_r2 < 70% of peak',
  'pred_r2 <= 90% of previous',
  'pred_r2 > 80% of target_var_per_dim',
];
const rule = fc.record({
  text: fc.constantFrom(...RULES),
  row: fc.constantFrom('', ' for 2', ' for 3'),
  after: fc.constantFrom('', ' after 2'),
});

const horizonsOf = (values: readonly Pick<HorizonValues, 'values'>['values'][]): HorizonValues[] =>
  values.map((each, i) => ({ number: i + 1, values: each }));

describe('a rule over horizons', () => {
  it('is the same rule over each of them as a run of its own', () => {
    fc.assert(
      fc.property(steps, rule, (run, { text, row, after }) => {
        const joined = new RuleSeries([parseRule(`${text} at any horizon${row}${after}`)]);
        const single = [2].map((n) => new RuleSeries([parseRule(`${text} at horizon ${n}${row}${after}`)]));
        const apart = [0, 1, 2, 3].map(() => new RuleSeries([parseRule(`${text}${row}${after}`)]));
        const met = new Set<number>();
        for (const [i, values] of run.entries()) {
          const step = i + 1;
          const judged = joined.judge({ step, values: {}, horizons: horizonsOf(values) });
          for (const h of values.keys()) met.add(h);
          const own = [...met].map((h) => ({
            h,
            verdict: apart[h]!.judge({ step, values: values[h] ?? {} }),
          }));
          const given = own.filter(({ h }) => h < values.length);
          const alerting = given.filter(({ verdict }) => verdict.alerts.length > 0);
          const open = given.filter(({ verdict }) => verdict.skipped.length > 0);
          const held = given.filter(({ verdict }) => verdict.held.length > 0);
          expect(judged.alerts).toHaveLength(Math.min(1, alerting.length));
          expect(judged.skipped).toHaveLength(alerting.length === 0 ? Math.min(1, open.length) : 0);
          expect(judged.held).toHaveLength(
            alerting.length + open.length === 0 ? Math.min(1, held.length) : 0,
          );
          for (const { horizon, value: found, threshold } of [...judged.alerts, ...judged.held]) {
            const of = own.find(({ h }) => h + 1 === horizon)!.verdict;
            expect([...of.alerts, ...of.held][0]).toMatchObject({ value: found, threshold });
          }
          const second = single[0]!.judge({ step, values: {}, horizons: horizonsOf(values) });
          const expected = given.find(({ h }) => h === 1)?.verdict;
          if (expected !== undefined) {
            for (const list of ['alerts', 'held', 'skipped'] as const) {
              expect(second[list]).toHaveLength(expected[list].length);
            }
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('goes on unchanged from what toJSON gave', () => {
    fc.assert(
      fc.property(steps, fc.array(rule, { minLength: 1, maxLength: 3 }), (run, parts) => {
        const texts = new Set(parts.map(({ text, row, after }) => `${text} at any horizon${row}${after}`));
        const rules = [...[...texts].map((text) => parseRule(text)), parseRule('pred_r2 < 1')];
        const whole = new RuleSeries(rules);
        let resumed = new RuleSeries(rules);
        for (const [i, values] of run.entries()) {
          const at = { step: i + 1, values: values[0]!, horizons: horizonsOf(values) };
          expect(resumed.judge(at)).toEqual(whole.judge(at));
          resumed = RuleSeries.fromJSON(rules, JSON.parse(JSON.stringify(resumed.toJSON())));
        }
      }),
    );
  });

  it('takes a value of -0 for 0, which is what the state in JSON keeps of it', () => {
    const rules = [parseRule('pred_r2 <= 50% of baseline'), parseRule('pred_r2 <= -50% of baseline')];
    expect(new RuleSeries(rules).judge({ step: 1, values: { pred_r2: -0 } }).alerts).toMatchObject([
      { value: 0, threshold: 0 },
      { value: 0, threshold: 0 },
    ]);
  });

  it('tells of the one furthest past its bound', () => {
    const series = new RuleSeries([parseRule('pred_var_per_dim < 50% of target_var_per_dim at any horizon')]);
    const horizons = horizonsOf([
      { pred_var_per_dim: 0.4, target_var_per_dim: 1 },
      { pred_var_per_dim: 4, target_var_per_dim: 100 },
      { pred_var_per_dim: 0.1, target_var_per_dim: 1 },
    ]);
    expect(series.judge({ step: 1, values: {}, horizons }).alerts).toMatchObject([
      { horizon: 2, value: 4, threshold: 50 },
    ]);
  });

  it('is skipped where there are none', () => {
    const series = new RuleSeries([parseRule('pred_r2 < 0 at any horizon after 5')]);
    expect(series.judge({ step: 5, values: { pred_r2: -1 } })).toEqual({
      alerts: [],
      held: [],
      pending: [],
      skipped: [],
      horizons: [],
    });
    expect(series.judge({ step: 6, values: { pred_r2: -1 } }).skipped).toHaveLength(1);
  });

  it('refuses a state whose horizons are no series', () => {
    const rules = [parseRule('pred_r2 < 0 at any horizon')];
    const good = new RuleSeries(rules).toJSON();
    for (const horizons of [[], { 0: good }, { 1: { ...good, version: 2 } }, { 1: null }]) {
      expect(() => RuleSeries.fromJSON(rules, { ...good, horizons })).toThrow(/not valid/);
    }
  });
});
