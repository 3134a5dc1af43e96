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
  it.each(RUNS)('the exit code of %s is that of jepa', async (name) => {
    const path = `fixtures/runs/${name}`;
    expect((await check(path)).code).toBe((await check(path, '--preset', 'jepa')).code);
  });

  it('what only jepa sees is an alert with its name, and says that the reference would pass it', async () => {
    const { code, stdout, last } = await check(LOW_RANK, '--width', '400');
    expect(code).toBe(1);
    expect(last).toMatch(
      /^ALERT fixtures\/runs\/varonly_1: dimensional collapse since step \d+, confirmed at step \d+.*; what to do: .* \(exit 1\)$/,
    );
    expect(stdout).toMatch(/^target_effective_rank_ratio .* FAIL/m);
    expect(stdout).toContain('RFC-0005 alone would pass here: `--preset rfc-0005` judges by them.');
    expect(stdout.match(/--preset rfc-0005/g)).toHaveLength(1);
    const report = await reported(LOW_RANK);
    expect(report).toMatchObject({ status: 'alert', runs: [{ status: 'alert' }] });
    expect(report.summary.alerts).toBeGreaterThan(0);
    expect((await check(LOW_RANK, '--preset', 'rfc-0005')).code).toBe(0);
  });

  it('what both see is an alert with its name, without what merely warns', async () => {
    const { stdout } = await check('fixtures/runs/frozen_shuffled_1', '-q', '--width', '400');
    expect(stdout).toMatch(/^ALERT \S+: predictor collapse since step \d+/);
    expect(stdout).not.toMatch(/jepa|warned|failed|--preset/);
  });

  it('what only the reference sees is a warning that names --preset rfc-0005 once', async () => {
    const warming = folder({
      ...step(1, 0.1),
      ...step(2, 0.3),
      ...step(3, 0.9),
      ...step(4, 1),
      ...step(5, 1),
    });
    const { code, stdout, last } = await check(warming, '--width', '400');
    expect(code).toBe(0);
    expect(last).toMatch(/^WARN .*: pred_var_per_dim warned at .*, recovered at step 3 \(exit 0\)$/);
    expect(stdout.match(/--preset rfc-0005/g)).toHaveLength(1);
    expect((await check(warming, '--preset', 'rfc-0005')).code).toBe(1);
    expect((await check(warming, '--pred-var-to-target-var', '0.5')).code).toBe(1);
    expect((await check(warming, '--fail-on', 'warn')).code).toBe(1);
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

  it('embeddings alone have the skip of a kl_reg without a target', async () => {
    const run = folder({ 'step_1/prediction.npy': npy(square(1)) });
    const report = await reported(run, '--target', 'none');
    expect(report.runs[0]!.steps[0]!.skipped.map(({ criterion }) => criterion)).toEqual(['kl_reg']);
    expect((await check(run, '--target', 'none', '--on-unavailable', 'fail')).code).toBe(4);
  });
});

describe('the verdict', () => {
  const REFERENCE = ['--preset', 'rfc-0005'];
  const recovered = () => folder({ ...step(100, 1), ...step(200, 0.1), ...step(300, 1) });

  it('with --judge latest says what was before', async () => {
    const { last } = await check(recovered(), ...REFERENCE, '--judge', 'latest', '--width', '400');
    expect(last).toMatch(
      /^ok .*: no alert at the latest judged step; earlier, pred_var_per_dim failed at step 200, recovered at step 300; .* \(exit 0\)$/,
    );
  });

  it.each([
    [['--exit-zero'], '2 alerts, which --exit-zero lets pass'],
    [['--fail-on', 'never'], '2 alerts, which --fail-on never lets pass'],
  ])('with %j says why it exits 0', async (flags, why) => {
    const { last } = await check(recovered(), ...REFERENCE, ...flags, '--width', '400');
    expect(last).toMatch(/^ALERT /);
    expect(last.endsWith(`(exit 0: ${why})`)).toBe(true);
  });

  it('of a single step that cannot be judged is in the singular', async () => {
    const { code, last } = await check(folder(step(100, 1)), '--after', '100', '--width', '400');
    expect(code).toBe(4);
    expect(last).toContain('the only step cannot be judged: only steps after 100 are judged');
  });
});
