import { describe, expect, it } from 'vitest';
import type { StepRecord } from '#report/record.js';
import { table } from '#reporters/terminal/table.js';
import { nextCommand } from '#reporters/view/next-command.js';
import { documentOf, stepRecord } from './sample-reports.js';

const next = (...records: StepRecord[]) => nextCommand(documentOf(records).report);

describe('the next command', () => {
  it('draws the run that alerts, where its files are known', () => {
    expect(next(stepRecord(100, {}, { pred_var_per_dim: 0.01 }))).toBe(
      'collapse report runs/exp1 --output report.html',
    );
  });

  it('explains the criterion of records that moved', () => {
    expect(next(stepRecord(100, { inputs: {} }, { pred_var_per_dim: 0.01 }))).toBe(
      'collapse explain pred_var_per_dim',
    );
  });

  it('explains the rule of records that moved', () => {
    const low = { target_effective_rank_ratio: 0.05, target_effective_rank: 2 };
    const records = [100, 200].map((step) => stepRecord(step, { inputs: {} }, low));
    expect(nextCommand(documentOf(records, {}).report)).toBe('collapse explain jepa.target_rank_few');
  });
  it('is one line in the table, however long, because a shell ends a command with its line', () => {
    const run = `runs/${'a-long-name-'.repeat(12)}end`;
    const document = documentOf([stepRecord(100, { run }, { pred_var_per_dim: 0.01 })]);
    const options = { color: false, ascii: false, quiet: false, verbose: false, width: 60, now: 0 };
    expect(table(document, options).split('\n')).toContain(`collapse report ${run} --output report.html`);
  });

  it('is none where all is well', () => {
    expect(next(stepRecord(100))).toBeNull();
  });
});
