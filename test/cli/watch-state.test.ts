import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collapse, startCollapse, startExecutable } from '../support/collapse.js';
import { folder, npy, step, writeFile } from '../support/run-folder.js';
import { FAST, passTime } from '../support/watching.js';

const SCALES = { 100: 1, 200: 0.9, 300: 1.1, 400: 0.1, 500: 0.9, 600: 0.2 };
const REFERENCE = ['--preset', 'rfc-0005'];
type Step = keyof typeof SCALES;

function write(cwd: string, ...steps: Step[]): void {
  for (const number of steps) {
    for (const [name, bytes] of Object.entries(step(number, SCALES[number])))
      writeFile(cwd, `run/${name}`, bytes);
  }
}

/** A watch to the last step, that remembers and writes its report. */
const WHOLE_WATCH = [
  'watch',
  'run',
  ...FAST,
  ...REFERENCE,
  ...['--until', '600', '--state', 'state.json', '-o', 'json=report.json'],
];

function readReport(cwd: string, name: string) {
  return JSON.parse(readFileSync(join(cwd, name), 'utf8'));
}

/** A watch as a process of its own, ended by the signal once it has told of the step; what it printed. */
async function watchUntil(cwd: string, told: Step, signal: NodeJS.Signals): Promise<string> {
  const argv = ['watch', 'run', ...FAST, ...REFERENCE, '--state', 'state.json'];
  const { child, printed, ended } = startExecutable(argv, { cwd });
  await printed(`step ${told}`);
  child.kill(signal);
  const { code, stdout } = await ended;
  expect(code ?? child.signalCode).toBe(signal === 'SIGINT' ? 130 : signal);
  return stdout;
}

const toldSteps = (text: string) =>
  [...text.matchAll(/^(?:ok|ALERT) step (\d+)/gm)].map(([, number]) => Number(number));

describe('collapse watch --state', () => {
  it('stopped, killed and started again while files go, ends as one watch and as check', async () => {
    const whole = folder({});
    write(whole, 100, 200, 300, 400, 500, 600);
    const once = await collapse(WHOLE_WATCH, { cwd: whole });
    const checked = await collapse(['check', 'run', ...REFERENCE, '--json'], { cwd: whole });

    const cwd = folder({});
    write(cwd, 100, 300);
    let printed = await watchUntil(cwd, 300, 'SIGINT');
    rmSync(join(cwd, 'run/step_000100'), { recursive: true });
    rmSync(join(cwd, 'run/step_000300/target.npy'));
    // 200 comes after 300 was judged.
    write(cwd, 200, 400);
    printed += await watchUntil(cwd, 400, 'SIGKILL');
    rmSync(join(cwd, 'run'), { recursive: true });
    write(cwd, 500, 600);
    const last = await collapse(WHOLE_WATCH, { cwd });
    expect(toldSteps(printed + last.stdout).sort()).toEqual([100, 200, 300, 400, 500, 600]);
    expect(last.stderr).toBe(once.stderr);
    expect(last.code).toBe(1);
    expect(readReport(cwd, 'report.json')).toEqual(readReport(whole, 'report.json'));
    expect(readReport(cwd, 'report.json')).toEqual(
      JSON.parse(checked.stdout.replace('"source": "first step"', '"source": "state"')),
    );
  });

  it('takes up what a check has judged, and hands on to one', async () => {
    const cwd = folder({});
    write(cwd, 100, 200);
    const state = ['--state', 'state.json'];
    await collapse(['check', 'run', ...REFERENCE, ...state], { cwd });
    write(cwd, 300);
    const { stdout } = await collapse(['watch', 'run', ...FAST, ...REFERENCE, '--until', '300', ...state], {
      cwd,
    });
    expect(toldSteps(stdout)).toEqual([300]);
    rmSync(join(cwd, 'run/step_000100'), { recursive: true });
    write(cwd, 500);
    const { runs, summary } = JSON.parse(
      (await collapse(['check', 'run', ...REFERENCE, ...state, '--json'], { cwd })).stdout,
    );
    // Of the four that were judged together, those that are still there to be measured.
    expect(runs[0].steps.map((at: { step: number }) => at.step)).toEqual([200, 300, 500]);
    expect(summary.steps).toBe(4);
  });

  it('has nothing to wait for where --until is in the state, though no file is left', async () => {
    const cwd = folder({});
    write(cwd, 100, 400);
    const argv = ['watch', 'run', ...FAST, ...REFERENCE, '--until', '400', '--state', 'state.json'];
    await collapse(argv, { cwd });
    rmSync(join(cwd, 'run'), { recursive: true });
    const again = await collapse(argv, { cwd });
    expect(again.code).toBe(1);
    expect(again.stdout).not.toContain('ALERT step 400');
  });

  it('refuses other rules before it waits; --rejudge takes them, and measures again what is there', async () => {
    const cwd = folder({});
    write(cwd, 100, 300);
    const argv = ['watch', 'run', ...FAST, ...REFERENCE, '--until', '300', '--state', 'state.json'];
    await collapse(argv, { cwd });
    rmSync(join(cwd, 'run/step_000100'), { recursive: true });
    const other = [...argv, '--fail-if', 'pred_var_per_dim > 100'];
    const refused = await collapse(other, { cwd });
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('error[E404]');
    write(cwd, 400);
    const later = other.map((word) => (word === '300' ? '400' : word));
    const rejudged = await collapse([...later, '--rejudge', '-o', 'json=report.json'], { cwd });
    expect(toldSteps(rejudged.stdout)).toEqual([300, 400]);
    const [run] = readReport(cwd, 'report.json').runs;
    expect(run.steps.map((at: { step: number }) => at.step)).toEqual([100, 300, 400]);
  });

  it('leaves the other runs of the state alone', async () => {
    const cwd = folder({});
    write(cwd, 100);
    cpSync(join(cwd, 'run'), join(cwd, 'running'), { recursive: true });
    const watch = (run: string) =>
      collapse(
        [
          'watch',
          run,
          ...FAST,
          ...REFERENCE,
          '--until',
          '100',
          '--state',
          'state.json',
          '-o',
          'json=report.json',
        ],
        {
          cwd,
        },
      );
    await watch('running');
    const { stdout } = await watch('./run/');
    expect(toldSteps(stdout)).toEqual([100]);
    const names = readReport(cwd, 'report.json').runs.map((at: { run: string }) => at.run);
    expect(names).toEqual(['run']);
  });

  it('leaves a damaged state as it is', async () => {
    const cwd = folder({ ...step(100, 1), 'state.json': 'broken' });
    const { code, stderr } = await collapse(['watch', '.', ...FAST, ...REFERENCE, '--state', 'state.json'], {
      cwd,
    });
    expect(code).toBe(3);
    expect(stderr).toContain('error[E403]');
    expect(readFileSync(join(cwd, 'state.json'), 'utf8')).toBe('broken');
  });
});

describe('collapse watch', () => {
  it('refuses a step of another width than those before, as check does', async () => {
    const cwd = folder({});
    write(cwd, 100, 300);
    const state = ['--state', 'state.json'];
    await collapse(['watch', 'run', ...FAST, ...REFERENCE, '--until', '300', ...state], { cwd });
    const wide = npy([1, 2, 3, 4].map((x) => [x, -x, x * x]));
    for (const role of ['prediction', 'target']) writeFile(cwd, `run/step_000400/${role}.npy`, wide);
    const watching = startCollapse(['watch', 'run', ...FAST, ...REFERENCE, '--timeout', '1h', ...state], {
      cwd,
    });
    await watching.printed('error[E217]', 'stderr');
    passTime(3_600_000);
    const watched = await watching.ended;
    const checked = await collapse(['check', 'run', ...REFERENCE], { cwd });
    expect(watched.code).toBe(3);
    expect(checked.code).toBe(3);
    for (const { stderr } of [watched, checked])
      expect(stderr).toContain('error[E217] 3 dimensions here, 2 in');
  });

  it('measures what its rules look at, as check does', async () => {
    const cwd = folder({});
    write(cwd, 100);
    const argv = ['--fail-if', 'rankme < 100', '--metrics', 'core'];
    const watched = await collapse(['watch', 'run', ...FAST, ...REFERENCE, '--until', '100', ...argv], {
      cwd,
    });
    expect(watched.code).toBe((await collapse(['check', 'run', ...REFERENCE, ...argv], { cwd })).code);
  });
});
