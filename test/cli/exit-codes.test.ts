import { describe, expect, it } from 'vitest';
import type { Report } from '#report/types.js';
import { executable } from '../support/collapse.js';
import { folder, npy, square, step } from '../support/run-folder.js';

const healthy = () => folder({ ...step(100, 1), ...step(200, 1.1), ...step(300, 1), ...step(400, 1.1) });
const alerting = () => folder({ ...step(100, 1), ...step(200, 0.1), ...step(300, 1) });
const report = (stdout: string) => JSON.parse(stdout) as Report;

describe('0 and 1', () => {
  it('0 on a healthy run', async () => {
    const { code, stdout, stderr } = await executable(['check', healthy()]);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n').at(-1)).toMatch(/^ok .*no alert at 4 judged steps.*\(exit 0\)$/s);
  });

  it('1 on an alert at any judged step', async () => {
    const { code, stdout } = await executable(['check', alerting(), '--json', '--preset', 'rfc-0005']);
    expect(code).toBe(1);
    expect(report(stdout)).toMatchObject({ status: 'alert', exitCode: 1, exitReason: '2 alerts' });
  });

  it.each([
    [['--judge', 'latest']],
    [['--exit-zero']],
    [['--fail-on', 'never']],
    [['--steps', '..100']],
    [['--pred-var-to-target-var', '0.001', '--pairwise-to-initial', '0.001']],
    [['--after', '200']],
    [['--log-every-steps', '300']],
    [['--last', '1']],
  ])('0 on that run with %j', async (flags) => {
    expect((await executable(['check', alerting(), '-q', '--preset', 'rfc-0005', ...flags])).code).toBe(0);
  });

  it('a baseline can be given', async () => {
    const { code, stdout } = await executable([
      'check',
      healthy(),
      '--json',
      '--initial-pairwise-pred-dist-mean',
      '100',
    ]);
    expect(code).toBe(1);
    expect(report(stdout).runs[0]!.baseline).toEqual({
      step: null,
      pairwise_pred_dist_mean: 100,
      source: 'flag',
    });
  });

  it('the worst of several runs counts', async () => {
    const runs = folder({
      ...prefixed('a', step(1, 1)),
      ...prefixed('b', { ...step(1, 1), ...step(2, 0.1) }),
    });
    const { code, stdout } = await executable(['check', runs, '--json', '--preset', 'rfc-0005']);
    expect(code).toBe(1);
    expect(report(stdout).runs.map(({ run, status }) => [run, status])).toEqual([
      [`${runs}/a`, 'ok'],
      [`${runs}/b`, 'alert'],
    ]);
  });

  it('step 0 is measured and not judged, and 4 where it is all there is', async () => {
    const both = await executable(['check', folder({ ...step(0, 0.1), ...step(100, 1) }), '--json']);
    expect(both.code).toBe(0);
    expect(report(both.stdout).runs[0]!.steps[0]).toMatchObject({ step: 0, judged: false });
    const alone = await executable(['check', folder(step(0, 0.1)), '-q']);
    expect(alone.code).toBe(4);
    expect(alone.stdout).toMatch(/^NO DATA .*: only step 0 so far, which is never judged \(exit 4\)$/m);
  });
});

describe('2, wrong usage', () => {
  it.each([
    [['check'], 'E103'],
    [['check', 'x', '--nope'], 'E101'],
    [['check', 'x', '--after', 'soon'], 'E102'],
    [['check', 'x', '--pred', 'p_{step}.npy'], 'E104'],
    [['gate'], 'E103'],
    [['chekc', 'x'], 'E101'],
  ])('%j', async (args, error) => {
    const { code, stdout, stderr } = await executable(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(new RegExp(`^error\\[${error}\\] `));
    expect(stderr).toContain('  help: ');
    expect(stderr).not.toContain('    at ');
  });

  it('prints a JSON report where JSON was asked for', async () => {
    const { code, stdout } = await executable(['check', 'x', '--json', '--after', 'soon']);
    expect(code).toBe(2);
    expect(report(stdout)).toMatchObject({ status: 'error', exitCode: 2, errors: [{ code: 'E102' }] });
  });

  it('shows usage without a command', async () => {
    const { code, stdout, stderr } = await executable([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: collapse');
  });
});

describe('3, inputs', () => {
  it('a missing path', async () => {
    const { code, stdout, stderr } = await executable(['check', '/nowhere/at/all', '--json']);
    expect(code).toBe(3);
    expect(stderr).toContain('error[E201]');
    expect(report(stdout)).toMatchObject({ status: 'error', errors: [{ code: 'E201' }] });
  });

  it('one unreadable step: the rest is judged, and the code is still 3', async () => {
    const whole = step(200, 1)['step_000200/target.npy']!;
    const run = folder({
      ...step(100, 1),
      ...step(200, 1),
      'step_000200/target.npy': whole.subarray(0, -8),
      ...step(300, 0.1),
    });
    const { code, stdout, stderr } = await executable(['check', run, '--json', '--preset', 'rfc-0005']);
    expect(code).toBe(3);
    expect(stderr).toContain('error[E203]');
    expect(stderr).toContain(`--> ${run}/step_000200/target.npy (step 200)`);
    const { runs, errors, summary } = report(stdout);
    expect(runs[0]!.steps.map((s) => s.step)).toEqual([100, 300]);
    expect(summary).toMatchObject({ steps: 2, judged: 2, errors: 1 });
    expect(summary.alerts).toBeGreaterThan(0);
    expect(errors[0]).toMatchObject({ code: 'E203', step: 200, run });
  });

  it('--fail-fast stops at it', async () => {
    const run = folder({ ...step(100, 1), ...step(200, 1), 'step_000200/target.npy': 'x', ...step(300, 1) });
    const { code, stdout } = await executable(['check', run, '--json', '--fail-fast']);
    expect(code).toBe(3);
    expect(report(stdout).runs[0]!.steps.map((s) => s.step)).toEqual([100]);
  });

  it('--exit-zero does not hide it', async () => {
    expect((await executable(['check', '/nowhere', '--exit-zero'])).code).toBe(3);
  });

  it('NaN, by row and column', async () => {
    const run = folder({
      'prediction.npy': npy([
        [1, 2],
        [3, Number.NaN],
      ]),
      'target.npy': npy([
        [1, 2],
        [3, 4],
      ]),
    });
    const { code, stderr } = await executable(['check', run]);
    expect(code).toBe(3);
    expect(stderr).toContain('error[E207] prediction has NaN at row 1, column 1');
    expect(stderr).toContain(`--> ${run}/prediction.npy`);
  });

  it('shapes that disagree, naming both files', async () => {
    const run = folder({ 'prediction.npy': npy(square(1)), 'target.npy': npy(square(1).slice(1)) });
    const { code, stderr } = await executable(['check', run]);
    expect(code).toBe(3);
    expect(stderr).toContain('error[E214] prediction is [4, 2], target is [3, 2]');
    expect(stderr).toContain(`${run}/prediction.npy, ${run}/target.npy`);
  });

  it('a width that changes within a run, naming both files', async () => {
    const wide = npy(square(1).map((row) => [...row, 0]));
    const run = folder({ ...step(1, 1), 'step_2/prediction.npy': wide, 'step_2/target.npy': wide });
    const { code, stderr } = await executable(['check', run]);
    expect(code).toBe(3);
    expect(stderr).toContain(`error[E217] 3 dimensions here, 2 in '${run}/step_000001/prediction.npy'`);
    expect(stderr).toContain(`--> ${run}/step_2/prediction.npy (step 2)`);
  });

  it('two files for one role, naming both', async () => {
    const run = folder({ ...step(1, 1), 'step_000001/pred.npy': npy(square(1)) });
    const { code, stderr } = await executable(['check', run]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/error\[E215\].*pred\.npy.*prediction\.npy/);
  });

  it('an output that cannot be written', async () => {
    const run = healthy();
    const { code, stderr } = await executable([
      'check',
      run,
      '-o',
      `json=${run}/step_000100/target.npy/r.json`,
    ]);
    expect(code).toBe(3);
    expect(stderr).toContain('error[E401]');
  });

  it('an incomplete last step is a warning', async () => {
    const run = folder({ ...step(100, 1), ...step(200, 1), 'step_000300/prediction.npy': npy(square(1)) });
    const { code, stderr } = await executable(['check', run, '-q']);
    expect(code).toBe(0);
    expect(stderr).toContain('warning:');
  });

  it('an incomplete step before the last is an error', async () => {
    const run = folder({ ...step(100, 1), 'step_000150/prediction.npy': npy(square(1)), ...step(200, 1) });
    const { code, stderr } = await executable(['check', run, '-q']);
    expect(code).toBe(3);
    expect(stderr).toContain('error[E216]');
  });
});

describe('4, nothing to judge', () => {
  it('an empty directory', async () => {
    const { code, stdout } = await executable(['check', folder({}), '--json']);
    expect(code).toBe(4);
    expect(report(stdout)).toMatchObject({ status: 'no-data', errors: [{ code: 'E301' }] });
  });

  it('one row: shown, not judged', async () => {
    const one = npy([[1, 2]]);
    const { code, stdout } = await executable([
      'check',
      folder({ 'prediction.npy': one, 'target.npy': one }),
      '--json',
    ]);
    expect(code).toBe(4);
    const { runs, errors } = report(stdout);
    expect(runs[0]!.steps[0]).toMatchObject({ judged: false, rows: 1, metrics: { pred_l2_mean: 0 } });
    expect(errors[0]!.code).toBe('E302');
  });

  it('no step after --after', async () => {
    expect((await executable(['check', healthy(), '-q', '--after', '1000'])).code).toBe(4);
  });

  it('a ruled metric that is unavailable, where that was asked to fail', async () => {
    const run = folder({ 'step_1/prediction.npy': npy(square(1)) });
    const flags = ['check', run, '--target', 'none', '-q'];
    expect((await executable(flags)).code).toBe(0);
    expect((await executable([...flags, '--on-unavailable', 'fail'])).code).toBe(4);
  });

  it('3 wins over 4, 4 over 1', async () => {
    const empty = folder({});
    expect((await executable(['check', alerting(), empty, '-q'])).code).toBe(4);
    expect((await executable(['check', alerting(), empty, '/nowhere', '-q'])).code).toBe(3);
  });
});

function prefixed(name: string, files: Record<string, Uint8Array>): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`${name}/${path}`, bytes]));
}
