import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gate } from '#judge/gate.js';
import { judgePlanOf } from '#options/plan/judge-plan.js';
import type { MeasureRecord } from '#report/record.js';
import { anyJudging, anyRun } from './any-run.js';
import { makeRecord } from './make-record.js';

const judged = (records: readonly MeasureRecord[]) => gate(records, judgePlanOf({}), '0');

describe('gate over shards', () => {
  it('gives the verdict of one pass, however the records were spread and in whatever order', () => {
    const spread = fc.tuple(anyRun('a'), anyRun('b'), fc.array(fc.nat(99), { minLength: 24, maxLength: 24 }));
    fc.assert(
      fc.property(spread, anyJudging, ([a, b, keys], options) => {
        const whole = [...a, ...b];
        const shuffled = whole
          .map((record, i) => ({ record, key: keys[i]! }))
          .sort((x, y) => x.key - y.key)
          .map(({ record }) => record);
        const byName = (report: ReturnType<typeof gate>) => ({
          ...report,
          runs: [...report.runs].sort((x, y) => (x.run < y.run ? -1 : 1)),
          errors: [...report.errors].sort((x, y) => ((x.path ?? '') < (y.path ?? '') ? -1 : 1)),
        });
        expect(byName(gate(shuffled, options, '0'))).toEqual(byName(gate(whole, options, '0')));
      }),
    );
  });

  it('refuses a step that comes twice', () => {
    const twice = [makeRecord({ step: 100 }), makeRecord({ step: 200 }), makeRecord({ step: 100 })];
    expect(() => judged(twice)).toThrow(expect.objectContaining({ code: 'E232', step: 100, path: 'run' }));
    expect(() => judged([makeRecord({ step: null }), makeRecord({ step: null })])).toThrow(
      expect.objectContaining({ code: 'E232', message: 'the unnumbered step of run comes twice' }),
    );
  });

  it('refuses records of one run that were measured with different settings', () => {
    const { fingerprint } = makeRecord();
    const other = makeRecord({ step: 200, fingerprint: { ...fingerprint, klReg: 'computed' } });
    expect(() => judged([makeRecord(), other])).toThrow(expect.objectContaining({ code: 'E233' }));
    expect(judged([makeRecord(), { ...other, run: 'another' }]).exitCode).toBe(0);
  });
});
