import { describe, expect, it } from 'vitest';
import type { FlagValues } from '#options/flags.js';
import type { MeasureRecord } from '#report/record.js';
import { parseRule } from '#rules/language/parse-rule.js';
import { documentOf, stepRecord } from '../reporters/sample-reports.js';

const PATIENT = parseRule('pred_var_per_dim < 0 for 4');
const healthy = stepRecord(100);
const collapsed = stepRecord(200, {}, { pred_var_per_dim: 0.01 });
const recovered = stepRecord(300);
const unreadable: MeasureRecord = { type: 'error', code: 'E203', run: 'runs/exp1', step: 9, message: 'cut' };
const empty: MeasureRecord = {
  type: 'error',
  code: 'E301',
  run: 'runs/b',
  path: 'runs/b',
  message: 'no steps',
};

const outcome = (records: readonly MeasureRecord[], flags: FlagValues = {}) => {
  const { status, exitCode, exitReason } = documentOf(records, { preset: ['rfc-0005'], ...flags }).report;
  return { status, exitCode, exitReason };
};

describe('a report', () => {
  it.each([
    ['healthy', [healthy], {}, 'ok', 0],
    ['collapsed', [healthy, collapsed], {}, 'alert', 1],
    ['collapsed with --fail-on never', [healthy, collapsed], { failOn: 'never' }, 'alert', 0],
    ['collapsed with --exit-zero', [healthy, collapsed], { exitZero: true }, 'alert', 0],
    ['recovered', [healthy, collapsed, recovered], {}, 'alert', 1],
    ['recovered, only the latest judged', [healthy, collapsed, recovered], { judge: 'latest' }, 'ok', 0],
    ['collapsed and partly unreadable', [healthy, collapsed, unreadable], {}, 'error', 3],
    ['beside an empty run', [healthy, collapsed, empty], {}, 'no-data', 4],
    ['unreadable beside an empty run', [healthy, unreadable, empty], {}, 'error', 3],
    ['empty', [], {}, 'no-data', 4],
    ['of one row', [stepRecord(100, { rows: 1 })], {}, 'no-data', 4],
    ['of step 0 alone', [stepRecord(0)], {}, 'no-data', 4],
    [
      'of fewer steps than a rule waits for',
      [healthy, recovered],
      { preset: ['none'], failIf: [PATIENT] },
      'early',
      0,
    ],
    ['of steps none of which is judged', [healthy, collapsed], { after: 500 }, 'no-data', 4],
  ] as const)('%s', (_, records, flags, status, exitCode) => {
    expect(outcome(records, flags)).toMatchObject({ status, exitCode });
  });

  it('counts what it holds', () => {
    const records = [stepRecord(0), healthy, collapsed, unreadable, stepRecord(100, { run: 'runs/b' })];
    expect(documentOf(records).report.summary).toEqual({
      runs: 2,
      steps: 4,
      judged: 3,
      alerts: 1,
      warnings: 0,
      skipped: 0,
      errors: 1,
    });
  });

  it('gives each run its own status', () => {
    const { runs } = documentOf([healthy, stepRecord(1, { run: 'b' }, { kl_reg: 50 }), empty]).report;
    expect(runs.map(({ run, status }) => [run, status])).toEqual([
      ['runs/exp1', 'ok'],
      ['b', 'alert'],
      ['runs/b', 'no-data'],
    ]);
  });
});
