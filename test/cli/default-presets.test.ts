import { describe, expect, it } from 'vitest';
import type { Report } from '#report/types.js';
import { collapse } from '../support/collapse.js';
import { folder, npy, square, step } from '../support/run-folder.js';

const RUNS = ['healthy_vicreg_1', 'frozen_shuffled_1', 'varonly_1', 'late_1'];
const LOW_RANK = 'fixtures/runs/varonly_1';
const check = async (path: string, ...flags: string[]) => {
  const { code, stdout } = await collapse(['check', path, ...flags]);
  return { code, stdout, last: stdout.trim().split('\n').at(-1)! };
};
const reported = async (path: string, ...flags: string[]) =>
  JSON.parse((await check(path, '--json', ...flags)).stdout) as Report;
const rows = (stdout: string) =>
  stdout.split('\n').filter((line) => /^(pred|target|pairwise|kl)_\S+ {2}/.test(line));

describe('without --preset', () => {
  it.each(RUNS)('the exit code of %s is that of rfc-0005', async (name) => {
    const path = `fixtures/runs/${name}`;
    expect((await check(path)).code).toBe((await check(path, '--preset', 'rfc-0005')).code);
  });

  it('what only jepa sees is a warning with its name', async () => {
    const { code, stdout } = await check(LOW_RANK, '--width', '400');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^WARN fixtures\/runs\/varonly_1: dimensional collapse since step \d+ \(exit 0\)$/m,
    );
    expect(stdout).toMatch(/^target_effective_rank_ratio .* WARN/m);
    expect(stdout).toContain('next: collapse explain jepa.target_rank_');
    const report = await reported(LOW_RANK);
    expect(report).toMatchObject({ status: 'warning', runs: [{ status: 'warning' }] });
    expect(report.summary).toMatchObject({ alerts: 0 });
    expect(report.summary.warnings).toBeGreaterThan(0);
    expect((await check(LOW_RANK, '--fail-on', 'warn')).code).toBe(1);
  });

  it('what both see is an alert with its name', async () => {
    const { stdout } = await check('fixtures/runs/frozen_shuffled_1', '-q', '--width', '400');
    expect(stdout).toMatch(/^ALERT \S+: predictor collapse since step \d+; pred_var_per_dim failed at /);
    expect(stdout).not.toContain('jepa');
  });

  it('a healthy run has a table of the seven', async () => {
    const { stdout, last } = await check('fixtures/runs/healthy_vicreg_1', '--width', '400');
    expect(rows(stdout)).toHaveLength(7);
    expect(last).toMatch(/^ok \S+: no alert at 5 judged steps \(exit 0\)$/);
    const verbose = await check('fixtures/runs/healthy_vicreg_1', '--width', '400', '--verbose');
    expect(verbose.stdout).toMatch(/^target_effective_rank_ratio .* ok$/m);
    const named = await check('fixtures/runs/healthy_vicreg_1', '--width', '400', '--preset', 'jepa');
    expect(named.stdout).toMatch(/^target_effective_rank_ratio .* ok$/m);
  });

  it('rules nobody asked for skip nothing, fail nothing and have nothing measured', async () => {
    const core = ['--metrics', 'core', '--kl-reg', '1', '--on-unavailable', 'fail'];
    const report = await reported(LOW_RANK, ...core);
    expect(report).toMatchObject({ status: 'ok', exitCode: 0 });
    expect(report.runs[0]!.steps.flatMap(({ skipped }) => skipped)).toEqual([]);
    expect(Object.keys(report.runs[0]!.steps[0]!.metrics)).toHaveLength(7);
    expect(report.runs[0]!.diagnosis).toMatchObject({ label: 'not enough data' });
    const asked = await reported(LOW_RANK, ...core, '--preset', 'jepa');
    expect(asked.runs[0]!.steps[0]!.metrics).toHaveProperty('target_effective_rank_ratio');
    expect(asked.status).toBe('alert');
  });

  it('embeddings alone have the skips of the reference', async () => {
    const run = folder({ 'step_1/prediction.npy': npy(square(1)) });
    const report = await reported(run, '--target', 'none');
    expect(report.runs[0]!.steps[0]!.skipped.map(({ criterion }) => criterion)).toEqual([
      'pred_var_per_dim',
      'kl_reg',
    ]);
    expect((await check(run, '--target', 'none', '--on-unavailable', 'fail')).code).toBe(4);
  });
});

describe('the verdict', () => {
  const recovered = () => folder({ ...step(100, 1), ...step(200, 0.1), ...step(300, 1) });

  it('with --judge latest says what was before', async () => {
    const { last } = await check(recovered(), '--judge', 'latest', '--width', '400');
    expect(last).toMatch(
      /^ok .*: no alert at the latest judged step; earlier, pred_var_per_dim failed at step 200; .* \(exit 0\)$/,
    );
  });

  it.each([
    [['--exit-zero'], '2 alerts, and --exit-zero was given'],
    [['--fail-on', 'never'], '2 alerts, and --fail-on never was given'],
  ])('with %j says why it exits 0', async (flags, why) => {
    const { last } = await check(recovered(), ...flags, '--width', '400');
    expect(last).toMatch(/^ALERT /);
    expect(last.endsWith(`(exit 0: ${why})`)).toBe(true);
  });

  it('of a single step that cannot be judged is in the singular', async () => {
    const { code, last } = await check(folder(step(100, 1)), '--after', '100', '--width', '400');
    expect(code).toBe(4);
    expect(last).toContain('the only step cannot be judged: only steps after 100 are judged');
  });
});
