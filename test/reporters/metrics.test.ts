import { describe, expect, it } from 'vitest';
import type { Report } from '#report/types.js';
import { collapse } from '../support/collapse.js';

describe('metrics', () => {
  it('is flat: run → metric → value of the newest judged step, without what has no value', async () => {
    const runs = ['fixtures/runs/late_1', 'fixtures/runs/healthy_vicreg_1'];
    const report = JSON.parse((await collapse(['check', ...runs, '--json'])).stdout) as Report;
    const expected = report.runs.map(({ run, steps }) => {
      const { step, alerts, metrics } = steps.at(-1)!;
      const values = Object.entries(metrics).filter(([, value]) => value !== null);
      return [run, { step, alerts: alerts.length, ...Object.fromEntries(values) }];
    });
    const { stdout } = await collapse(['check', ...runs, '-o', 'metrics']);
    expect(JSON.parse(stdout)).toEqual(Object.fromEntries(expected));
  });

  it('has no number of a run that was not judged', async () => {
    const { stdout, code } = await collapse([
      'check',
      'fixtures/runs/late_1',
      '--after',
      '90000',
      '-o',
      'metrics',
    ]);
    expect([JSON.parse(stdout), code]).toEqual([{ 'fixtures/runs/late_1': {} }, 4]);
  });
});
