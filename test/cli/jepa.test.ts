import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { collapse } from '../support/collapse.js';

interface Label {
  readonly outcome: string;
  readonly onset_step: number | null;
}

const labels: Record<string, Label> = JSON.parse(
  readFileSync(new URL('../../fixtures/runs/labels.json', import.meta.url), 'utf8'),
);
const RUNS = ['healthy_vicreg_1', 'frozen_shuffled_1', 'varonly_1', 'late_1'];

describe('--preset jepa on real runs', () => {
  it.each(RUNS)('%s', async (name) => {
    const { outcome, onset_step: onset } = labels[name]!;
    const { code, stdout } = await collapse(['check', `fixtures/runs/${name}`, '--preset', 'jepa', '--json']);
    const [run] = JSON.parse(stdout).runs;
    const alerting = run.steps.filter(({ alerts }: { alerts: unknown[] }) => alerts.length > 0);
    expect(run.diagnosis.label).toBe(outcome);
    expect(run.steps.at(-1).diagnosis).toBe(outcome);
    if (onset === null) expect([code, alerting]).toEqual([0, []]);
    else {
      expect(code).toBe(1);
      expect(alerting[0].step).toBeLessThanOrEqual(onset + 400);
    }
  });

  it('measures what its diagnosis rests on, whatever metrics were asked for', async () => {
    const run = 'fixtures/runs/healthy_vicreg_1';
    const { stdout } = await collapse([
      'check',
      run,
      '--preset',
      'jepa',
      '--metrics',
      'target_var_per_dim',
      '--json',
    ]);
    expect(JSON.parse(stdout).runs[0].diagnosis).toMatchObject({ label: 'healthy' });
  });

  it('the table tells the diagnosis', async () => {
    const { stdout } = await collapse([
      'check',
      'fixtures/runs/varonly_1',
      '--preset',
      'jepa',
      '--width',
      '200',
    ]);
    expect(stdout).toMatch(
      /^ALERT .*: dimensional collapse\n {2}since +step \d+, confirmed at step 500\n {2}because +target_effective_rank /,
    );
  });
});
