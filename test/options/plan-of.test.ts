import { describe, expect, it } from 'vitest';
import { CORE_METRIC_IDS } from '#metrics/ids.js';
import { pageRequest } from '#options/parse/output-request.js';
import { type PlannedCommand, planOf } from '#options/plan/plan-of.js';
import { parseRule } from '#rules/language/parse-rule.js';

const rule = (text: string) => parseRule(text, 'error');

describe('planOf', () => {
  it.each(['check', 'watch', 'report'] as const)('%s measures what it judges', (command) => {
    const { measuring, records } = planOf(command, { metrics: ['pred_var_per_dim'] }, ['run']);
    expect(records).toEqual([]);
    expect(measuring.paths).toEqual(['run']);
    expect(measuring.metrics).toEqual(
      expect.arrayContaining(['pred_var_per_dim', 'target_var_per_dim', 'pairwise_pred_dist_mean', 'kl_reg']),
    );
    const own = planOf(command, { metrics: CORE_METRIC_IDS, warnIf: [rule('pred_r2 < 0')] }, ['run']);
    expect(own.measuring.metrics).toEqual([...CORE_METRIC_IDS, 'pred_r2']);
  });

  it.each(['measure', 'doctor'] as const)('%s judges nothing, and measures what is asked for', (command) => {
    const { measuring, judging } = planOf(command, { metrics: ['pred_r2'] }, ['run']);
    expect(measuring.metrics).toEqual(['pred_r2']);
    expect([judging.presets, judging.rules]).toEqual([[], []]);
  });

  it('takes records in place of runs: for gate, and for report where all paths are', () => {
    expect(planOf('gate', {}, ['a', '-']).records).toEqual(['a', '-']);
    expect(planOf('report', {}, ['a.ndjson', 'b.JSONL'])).toMatchObject({
      records: ['a.ndjson', 'b.JSONL'],
      measuring: { paths: [] },
    });
    expect(planOf('check', {}, ['a.ndjson']).records).toEqual([]);
  });

  it('watch takes patterns beside directories', () => {
    expect(planOf('watch', { pred: 'p_{step}', target: 'none' }, ['run']).measuring).toMatchObject({
      paths: ['run'],
      pred: 'p_{step}',
    });
  });

  it.each([
    ['gate', [], {}, 'E103'],
    ['report', ['a.ndjson', 'run'], {}, 'E104'],
    ['watch', [], {}, 'E103'],
    ['watch', [], { pred: 'p_{step}', target: 'none' }, 'E103'],
    ['check', ['run'], { failIf: [rule('pred_r2 < 0 at any horizon')] }, 'E103'],
  ] satisfies [PlannedCommand, string[], object, string][])(
    '%s refuses %j',
    (command, paths, flags, code) => {
      expect(() => planOf(command, flags, paths)).toThrow(expect.objectContaining({ code }));
    },
  );

  it('takes rules over horizons with their axis, and of records', () => {
    const failIf = [rule('pred_r2 < 0 at any horizon')];
    expect(planOf('check', { failIf, perStepAxis: 1 }, ['run']).judging.rules).toEqual(failIf);
    expect(planOf('gate', { failIf }, ['a']).judging.rules).toEqual(failIf);
  });

  it('says what each command writes', () => {
    const outputs = (command: PlannedCommand, flags = {}) => planOf(command, flags, ['a']).outputs;
    expect(outputs('check')).toEqual([{ format: 'table', path: null }]);
    expect(outputs('measure')).toEqual([{ format: 'ndjson', path: null }]);
    expect(outputs('report')).toEqual([
      { format: 'html', path: 'report.html' },
      { format: 'table', path: null },
    ]);
    expect(outputs('report', { page: [pageRequest('-')] })).toEqual([{ format: 'html', path: null }]);
    expect(
      outputs('report', { page: ['a.html', 'json=r.json', 'page'].map((text) => pageRequest(text)) }),
    ).toEqual([
      { format: 'html', path: 'a.html' },
      { format: 'json', path: 'r.json' },
      { format: 'html', path: 'page' },
      { format: 'table', path: null },
    ]);
  });

  it('records spectra for the page unless that is declined, and elsewhere where it is asked for', () => {
    const spectrum = (command: PlannedCommand, flags = {}) =>
      planOf(command, flags, ['a']).measuring.spectrum;
    expect([spectrum('report'), spectrum('report', { noSpectrum: true })]).toEqual([true, false]);
    expect([spectrum('check'), spectrum('check', { spectrum: true })]).toEqual([false, true]);
  });
});
