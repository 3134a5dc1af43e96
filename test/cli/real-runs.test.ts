import { describe, expect, it } from 'vitest';
import type { Report } from '#report/types.js';
import { GOLDEN_RUNS, type GoldenRun, type GoldenVerdict, readGolden } from '../metrics/golden-files.js';
import { collapse } from '../support/collapse.js';
import { expectClose, type TOLERANCES } from '../tolerances.js';

const REFERENCE = ['--preset', 'rfc-0005'];

function expectVerdict(report: Report, expected: GoldenVerdict): void {
  const run = report.runs[0]!;
  expect(run.baseline).toMatchObject({ step: expected.baseline_step, source: 'first step' });
  const alerts = run.steps.flatMap(({ step, alerts: found }) =>
    found.filter(({ level }) => level === 'error').map((alert) => ({ step, ...alert })),
  );
  expect(alerts.map(({ step, criterion }) => [step, criterion])).toEqual(
    expected.alerts.map(({ step, criterion }) => [step, criterion]),
  );
  for (const [i, alert] of alerts.entries()) {
    expectClose(alert.value, expected.alerts[i]!.value, alert.metric as keyof typeof TOLERANCES);
    expectClose(alert.threshold, expected.alerts[i]!.threshold, alert.metric as keyof typeof TOLERANCES);
  }
}

describe.each(GOLDEN_RUNS)('fixtures/runs/%s', (name) => {
  const golden = readGolden<GoldenRun>(`runs/${name}/expected.json`);
  const path = `fixtures/runs/${name}`;

  it('has the alerts that the three criteria define, and that exit code', async () => {
    const { code, stdout, stderr } = await collapse(['check', path, '--json', ...REFERENCE]);
    expect(stderr).toBe('');
    expect(code).toBe(golden.alerts.length > 0 ? 1 : 0);
    expectVerdict(JSON.parse(stdout) as Report, golden);
  });

  it("has those of the reference's own schedule", async () => {
    const { code, stdout } = await collapse([
      'check',
      path,
      '--json',
      '--log-every-steps',
      '500',
      ...REFERENCE,
    ]);
    expect(code).toBe(golden.every_500.alerts.length > 0 ? 1 : 0);
    expectVerdict(JSON.parse(stdout) as Report, golden.every_500);
  });

  it('has the numbers of the oracle at every step', async () => {
    const { stdout } = await collapse(['measure', path]);
    const steps = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ type }) => type === 'step');
    expect(steps.map(({ step }) => step)).toEqual(golden.steps.map(({ step }) => step));
    for (const [i, { metrics }] of golden.steps.entries()) {
      for (const [id, value] of Object.entries(metrics)) {
        expectClose(steps[i].metrics[id], value, id as keyof typeof metrics);
      }
    }
  });
});

it('says what became of the four', async () => {
  const verdicts = await Promise.all(
    ['healthy_vicreg_1', 'late_1', 'varonly_1', 'frozen_shuffled_1'].map(async (run) => {
      const { code } = await collapse(['check', `fixtures/runs/${run}`, '-q']);
      return [run, code];
    }),
  );
  expect(verdicts).toEqual([
    ['healthy_vicreg_1', 0],
    ['late_1', 1],
    ['varonly_1', 1],
    ['frozen_shuffled_1', 1],
  ]);
});
