import { describe, expect, it } from 'vitest';
import type { Report } from '#report/types.js';
import { collapse } from '../support/collapse.js';
import { folder, npy, sharedFolder, square, writeFile } from '../support/run-folder.js';
import { KINDS, writePair, writeRun } from '../support/small-runs.js';

async function check(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await collapse(['check', ...args, '--width', '900'], { cwd });
  return { code, stdout, stderr, last: stdout.trim().split('\n').at(-1)! };
}
async function reported(cwd: string, ...args: string[]) {
  const { code, stdout } = await collapse(['check', ...args, '--json'], { cwd });
  return { code, report: JSON.parse(stdout) as Report };
}

const cwd = sharedFolder();
for (const [kind, conditions] of Object.entries(KINDS)) {
  writeRun(cwd, conditions, { name: kind });
  writeRun(cwd, conditions, { name: `${kind}, alone`, isAlone: true });
}

describe('who decides', () => {
  it.each([
    ['healthy', 0, 'ok'],
    ['a warm-up', 0, 'warning'],
    ['a small scale, which a cosine loss leaves free', 0, 'warning'],
    ['one bad step', 0, 'warning'],
    ['one step of constants', 0, 'warning'],
    ['complete collapse', 1, 'alert'],
    ['complete collapse that recovers', 1, 'alert'],
    ['dimensional collapse', 1, 'alert'],
    ['predictor collapse', 1, 'alert'],
  ] as const)('%s: exit %i, %s', async (kind, expected, status) => {
    const { code, report } = await reported(cwd, kind);
    expect([code, report.status]).toEqual([expected, status]);
    if (expected === 1) expect(report.runs[0]!.diagnosis?.label).toBe(kind.replace(' that recovers', ''));
  });

  it('a step of constants is shown at once', async () => {
    const { report } = await reported(cwd, 'one step of constants');
    const [bad] = report.runs[0]!.steps.filter(({ step }) => step === 600);
    expect(bad!.alerts.map(({ criterion, level }) => [criterion, level])).toContainEqual([
      'jepa.target_constant',
      'warn',
    ]);
  });

  it('a rule can be left out, and only one that there is', async () => {
    const all = await reported(cwd, 'dimensional collapse');
    const alerts = all.report.runs[0]!.steps.flatMap((step) => step.alerts);
    const rules = new Set(alerts.filter(({ level }) => level === 'error').map((alert) => alert.criterion));
    const ignored = [...rules].flatMap((id) => ['--ignore', id]);
    const { code, report } = await reported(cwd, 'dimensional collapse', ...ignored);
    expect([code, report.runs[0]!.diagnosis?.label]).toEqual([0, 'healthy']);
    const { code: refused, stderr } = await check(cwd, 'healthy', '--ignore', 'jepa.target_rank_lo');
    expect([refused, stderr]).toEqual([2, expect.stringContaining('did you mean jepa.target_rank_low?')]);
  });
});

describe('when, and what to do', () => {
  it('of a collapse: when it began, was confirmed, and the last good step', async () => {
    const { report } = await reported(cwd, 'complete collapse');
    expect(report.runs[0]!.diagnosis).toMatchObject({ began: 600, since: 700, lastGood: 500 });
    const { stdout, last } = await check(cwd, 'complete collapse');
    expect(last).toMatch(
      /^ALERT .*: complete collapse since step 600, confirmed at step 700, last good step 500; what to do: stop the gradient .* \(exit 1\)$/,
    );
    expect(stdout).toMatch(
      /^ALERT .*: complete collapse\n {2}since +step 600, confirmed at step 700\n {2}last good +step 500\n {2}because /,
    );
    expect(stdout).toMatch(/^ {2}what to do +stop the gradient /m);
    // What would silence it does, as it is written.
    const [flags = ''] = /--ignore=[^`]*/.exec(stdout) ?? [];
    expect(flags).toContain('jepa.target_scale_lost');
    expect((await check(cwd, 'complete collapse', ...flags.split(/\s+/))).code).toBe(0);
  });

  it('of a run that came out of it: when, and what would leave it out', async () => {
    const kind = 'complete collapse that recovers';
    const { report } = await reported(cwd, kind);
    expect(report.runs[0]!.diagnosis).toMatchObject({
      label: 'complete collapse',
      began: 500,
      lastGood: 400,
      recovered: 800,
    });
    const { stdout, last } = await check(cwd, kind);
    expect(last).toContain('recovered at step 800');
    expect(stdout).toContain('`--judge latest` or `--after 700` leaves out what was before');
    expect((await check(cwd, kind, '--judge', 'latest')).code).toBe(0);
    expect((await check(cwd, kind, '--after', '700')).code).toBe(0);
  });

  it('has a line for each of several runs, and a table for each with --verbose', async () => {
    const runs = ['healthy', 'one bad step', 'complete collapse'];
    const { stdout, last } = await check(cwd, ...runs);
    expect(stdout).toMatch(
      /^ALERT 1 of 3 runs alerts, 1 warns, 1 ok\n\nALERT .*: complete collapse since .*\nWARN .*\nok .*\n\n/,
    );
    expect(stdout).not.toContain('latest');
    expect(stdout).toContain('\n--verbose shows a table for each run.\n');
    const verbose = await check(cwd, ...runs, '-v');
    expect(verbose.stdout.match(/^metric .* latest/gm)).toHaveLength(3);
    expect([verbose.last, verbose.code]).toEqual([last, 1]);
  });

  it.each([
    [[], false],
    [['--kl-reg', 'computed'], true],
    [['--kl-reg-max', '5'], true],
    [['--fail-if', 'kl_reg > 5'], true],
    [['--preset', 'rfc-0005'], true],
    [['-v'], true],
  ])('has a row of kl_reg where somebody asked for it: %j', async (flags, isShown) => {
    const { stdout } = await check(cwd, 'healthy', ...flags);
    expect(/^kl_reg /m.test(stdout)).toBe(isShown);
    expect(stdout).toMatch(/^target_effective_rank /m);
  });

  it('counts runs as runs, a line each', async () => {
    const { stdout, last } = await check(cwd, 'healthy', 'one bad step', 'complete collapse', '-q');
    expect(stdout.trim().split('\n')).toHaveLength(4);
    expect(last).toBe('ALERT 3 runs: 1 of 3 runs alerts, 1 warns, 1 ok (exit 1)');
  });

  it.each([
    [
      'junit',
      /<testcase name="diagnosis" [^>]*>\n\s*<failure type="collapse" message="complete collapse since step 600, .*what to do: stop/,
    ],
    [
      'github',
      /^::error .*title=complete collapse%3A complete collapse::complete collapse since step 600, .*what to do: stop/m,
    ],
    ['markdown', /What to do: stop the gradient/],
    ['html', /What to do:<\/b> stop the gradient/],
  ])('%s has it too', async (format, text) => {
    const { stdout } = await collapse(['check', 'complete collapse', '-o', format], { cwd });
    expect(stdout).toMatch(text);
  });

  it('says one error of many steps once, with its steps', async () => {
    const root = folder();
    writeRun(root, KINDS.healthy);
    for (const step of [300, 500, 700]) writePair(root, { target: `run/step_${step}/target.npy` }, {});
    const wide = npy(Array.from({ length: 64 }, (_, i) => Array(8).fill(i)));
    for (const step of [300, 500, 700])
      for (const role of ['prediction', 'target']) writeFile(root, `run/step_${step}/${role}.npy`, wide);
    const { code, stderr } = await check(root, 'run');
    expect(code).toBe(3);
    expect(stderr.match(/error\[E217\]/g)).toHaveLength(1);
    expect(stderr).toContain('(steps 300, 500, 700)');
  });
});

describe('steps', () => {
  it('step 0 is never judged, alone or in records', async () => {
    const root = folder();
    writeRun(root, [{ target: 0 }], { first: 0 });
    const { code, last } = await check(root, 'run');
    expect([code, last]).toEqual([4, 'NO DATA run: only step 0 so far, which is never judged (exit 4)']);
    expect((await check(root, 'run/step_0')).code).toBe(4);
    await collapse(['measure', 'run'], { cwd: root }).then(async ({ stdout }) => {
      writeFile(root, `records.ndjson`, stdout);
    });
    expect((await collapse(['gate', 'records.ndjson'], { cwd: root })).code).toBe(4);
  });

  it.each([
    ['a point', { target: 1e-8 }, 1],
    ['two directions', { rest: 1e-4 }, 1],
    ['a predictor that is its mean', { prediction: 1e-3 }, 1],
    ['a small scale', { prediction: 0.2 }, 0],
    ['health', {}, 0],
  ])('a pair by hand of %s: without patience', async (_, condition, expected) => {
    const root = folder();
    writePair(root, { prediction: 'p.npy', target: 't.npy' }, condition);
    const { code, report } = await reported(root, '--pred', 'p.npy', '--target', 't.npy');
    expect(code).toBe(expected);
    if (expected === 0) expect(report.status).toBe('ok');
    const series = await reported(root, '--pred', 'p.npy', '--target', 't.npy', '--state', 's.json');
    expect([series.code, series.report.status]).toEqual([0, 'early']);
  });

  it('few steps are too early to tell', async () => {
    const root = folder();
    writeRun(root, KINDS.healthy.slice(0, 2));
    const { code, last } = await check(root, 'run');
    expect([code, last]).toEqual([
      0,
      'EARLY run: too early to tell: 2 of 3 steps; no alert at 2 judged steps (exit 0)',
    ]);
    const { report } = await reported(root, 'run');
    expect(report).toMatchObject({ status: 'early', exitReason: 'too early to tell: 2 of 3 steps' });
    expect((await reported(root, 'run', '--preset', 'rfc-0005')).report.status).toBe('ok');
    const one = folder();
    writeRun(one, [{ target: 1e-8 }]);
    expect((await reported(one, 'run')).report.status).toBe('early');
  });

  it('the newest step decides with --judge latest, or nothing does', async () => {
    const root = folder({
      'run/step_900/prediction.npy': npy([[1, 2]]),
      'run/step_900/target.npy': npy([[1, 2]]),
    });
    for (const step of [100, 200, 300, 400, 500]) {
      const names = { prediction: `run/step_${step}/prediction.npy`, target: `run/step_${step}/target.npy` };
      for (const name of Object.values(names)) writeFile(root, name, npy(square(1)));
    }
    expect((await check(root, 'run')).code).toBe(0);
    const { code, last } = await check(root, 'run', '--judge', 'latest');
    expect([code, last]).toEqual([4, expect.stringContaining('step 900, the newest, cannot be judged')]);
  });

  it('no rule that had a value is no verdict, in gate too', async () => {
    const rule = ['--preset', 'none', '--fail-if', 'copy_skill < 0'];
    const { code, last } = await check(cwd, 'healthy', ...rule);
    expect([code, last]).toEqual([
      4,
      expect.stringContaining('none of the rules that can fail the run had a value'),
    ]);
    const root = folder();
    const { stdout } = await collapse(['measure', 'healthy'], { cwd });
    writeFile(root, `r.ndjson`, stdout);
    expect((await collapse(['gate', 'r.ndjson', ...rule], { cwd: root })).code).toBe(4);
    const waits = ['--preset', 'none', '--fail-if', 'pred_r2 < 0 after 5000'];
    expect((await reported(cwd, 'healthy', ...waits)).report.status).toBe('early');
  });

  it('deciding rules without a value are named', async () => {
    const root = folder();
    const { stdout } = await collapse(['measure', 'dimensional collapse', '--metrics', 'core'], { cwd });
    writeFile(root, `r.ndjson`, stdout);
    const gated = await collapse(['gate', 'r.ndjson', '-q'], { cwd: root });
    expect([gated.code, gated.stdout]).toEqual([
      0,
      expect.stringMatching(/jepa\.\S+ and \d+ more could not be decided at any judged step/),
    ]);
  });
});

describe('embeddings alone', () => {
  it.each([
    ['healthy', 0],
    ['one bad step', 0],
    ['complete collapse', 1],
    ['dimensional collapse', 1],
  ] as const)('%s: exit %i by the rules of an encoder', async (kind, expected) => {
    for (const preset of [[], ['--preset', 'jepa']]) {
      const { code, report } = await reported(cwd, `${kind}, alone`, '--target', 'none', ...preset);
      expect(code).toBe(expected);
      if (expected === 0) continue;
      expect(report.runs[0]!.diagnosis).toMatchObject({ label: kind });
      const alerts = report.runs[0]!.steps.flatMap((step) => step.alerts);
      for (const { metric, message } of alerts) {
        expect(metric).not.toMatch(/^target_/);
        expect(message).not.toContain('target_');
      }
    }
  });

  it('has no empty rows in the table, and the effective rank', async () => {
    const { stdout } = await check(cwd, 'healthy, alone', '--target', 'none');
    expect(stdout).toMatch(/^pred_effective_rank /m);
    expect(stdout).not.toMatch(/^\S+ +–/m);
  });
});
