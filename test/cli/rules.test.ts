import { describe, expect, it } from 'vitest';
import { collapse } from '../support/collapse.js';
import { folder, npy, square, step } from '../support/run-folder.js';

const shrinking = { ...step(100, 1), ...step(200, 0.9), ...step(300, 0.8), ...step(400, 0.8) };

describe('--fail-if and --warn-if', () => {
  it('judge beside the preset, and are in the report', async () => {
    const rule = 'pairwise_pred_dist_mean<95% of baseline for 2';
    const { code, stdout } = await collapse(['check', folder(shrinking), '--fail-if', rule, '--json']);
    const report = JSON.parse(stdout);
    expect(code).toBe(1);
    const asked = report.rules.filter(({ quiet }: { quiet?: true }) => !quiet);
    expect(asked.map(({ expression }: { expression: string }) => expression)).toEqual([
      'pred_var_per_dim < 50% of target_var_per_dim',
      'pairwise_pred_dist_mean < 50% of baseline',
      'kl_reg > 10',
      'pairwise_pred_dist_mean < 95% of baseline for 2',
    ]);
    const alerting = report.runs[0].steps.filter(({ alerts }: { alerts: unknown[] }) => alerts.length > 0);
    expect(alerting.map((at: { step: number }) => at.step)).toEqual([300, 400]);
    expect(alerting[0].alerts).toMatchObject([
      { criterion: 'pairwise_pred_dist_mean < 95% of baseline for 2', level: 'error', operator: '<' },
    ]);
  });

  it('a warning decides only under --fail-on warn', async () => {
    const args = ['check', folder(shrinking), '--warn-if', 'pred_var_per_dim < 0.9'];
    expect((await collapse(args)).code).toBe(0);
    expect((await collapse([...args, '--fail-on', 'warn'])).code).toBe(1);
  });

  it('--preset none leaves them alone', async () => {
    const dead = folder(step(100, 0.01));
    expect((await collapse(['check', dead, '--preset', 'rfc-0005'])).code).toBe(1);
    const { code, stdout } = await collapse([
      ...['check', dead, '--preset', 'none', '--fail-if', 'pred_l2_mean > 100', '--json'],
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).rules).toHaveLength(1);
    expect((await collapse(['check', dead, '--preset', 'none'])).code).toBe(2);
  });

  it('a rule on a computed kl_reg is judged, where the criterion of the reference is skipped', async () => {
    const run = folder(step(100, 1));
    const { code, stdout } = await collapse(['check', run, '--fail-if', 'kl_reg > -1', '--json']);
    const [only] = JSON.parse(stdout).runs[0].steps;
    expect(code).toBe(1);
    expect(only.alerts).toMatchObject([{ criterion: 'kl_reg > -1' }]);
    expect(only.skipped).toMatchObject([{ criterion: 'kl_reg' }]);
  });

  it('a ruled metric without a value is skipped, or exits 4', async () => {
    const run = folder({ 'step_1/prediction.npy': npy(square(1)) });
    const args = ['check', run, '--target', 'none', '--fail-if', 'target_var_per_dim < 1', '--json'];
    const skipped = await collapse(args);
    expect(JSON.parse(skipped.stdout).runs[0].steps[0].skipped).toContainEqual({
      criterion: 'target_var_per_dim < 1',
      reason: 'needs target_var_per_dim: needs a target',
    });
    expect((await collapse([...args, '--on-unavailable', 'fail'])).code).toBe(4);
  });
});

describe('a rule that cannot be read', () => {
  it('ends the command with a caret before anything is read', async () => {
    const { code, stdout, stderr } = await collapse([
      'check',
      '/no/such/run',
      '--fail-if',
      'pred_vr_per_dim < 3',
    ]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      "error[E110] 'pred_vr_per_dim' is not a metric\n" +
        '    pred_vr_per_dim < 3\n' +
        '    ^^^^^^^^^^^^^^^\n' +
        '  help: did you mean pred_var_per_dim?\n',
    );
  });

  it('is shown in its surroundings, without what a terminal would obey', async () => {
    const rule = `kl_reg < 3 ${'for 3 '.repeat(30)}\u001b[31m`;
    const { stderr } = await collapse(['gate', 'x', '--warn-if', rule]);
    const [, excerpt = '', carets = ''] = stderr.split('\n');
    expect(excerpt.length).toBeLessThan(130);
    expect(stderr).not.toContain('\u001b');
    expect(excerpt.slice(carets.indexOf('^'))).toMatch(/^for 3 for 3/);
  });

  it('is in the JSON report', async () => {
    const { code, stdout } = await collapse(['check', 'x', '--fail-if', 'kl_reg ! 3', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout).errors).toMatchObject([
      { code: 'E110', excerpt: { text: 'kl_reg ! 3', start: 7, end: 8 } },
    ]);
  });
});
