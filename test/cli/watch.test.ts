import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { collapse, startCollapse, startExecutable } from '../support/collapse.js';
import { folder } from '../support/run-folder.js';
import { FAST, looks, passTime } from '../support/watching.js';

const golden = (name: string, role: string) => readFileSync(`fixtures/golden/${name}/${role}.npy`);
const HEALTHY = 'normal_48x16_float32';
/** The --timeout of what is to end once a test says so. */
const HOUR = 3_600_000;

let cwd: string;
beforeEach(() => {
  cwd = folder();
});

const folderOf = (step: number) => join(cwd, 'run', `step_${step}`);

function writeStep(step: number, collapsed = false): void {
  mkdirSync(folderOf(step), { recursive: true });
  for (const role of ['prediction', 'target']) {
    const bytes = golden(HEALTHY, role);
    if (collapsed && role === 'prediction') bytes.fill(0, bytes.length - 48 * 16 * 4);
    writeFileSync(join(folderOf(step), `${role}.npy`), bytes);
  }
}

/** As a writer without a temporary file does it: the file grows. */
async function writeInPieces(step: number, pieces: number): Promise<void> {
  mkdirSync(folderOf(step), { recursive: true });
  for (const role of ['target', 'prediction']) {
    const bytes = golden(HEALTHY, role);
    for (let piece = 1; piece <= pieces; piece++) {
      writeFileSync(
        join(folderOf(step), `${role}.npy`),
        bytes.subarray(0, Math.ceil((bytes.length * piece) / pieces)),
      );
      await looks(1);
    }
  }
}

const REFERENCE = ['--preset', 'rfc-0005'];

describe('collapse watch', () => {
  it.each([
    ['a quoted glob', ['ru*']],
    [
      'patterns',
      ['run', '--pred', 'run/step_{step}/prediction.npy', '--target', 'run/step_{step}/target.npy'],
    ],
    ['patterns inside the run', ['run', '--pred', 'step_{step}/prediction.npy', '--target', 'none']],
    ['patterns elsewhere', ['empty', '--pred', 'run/step_{step}/prediction.npy', '--target', 'none']],
  ])('looks where %s leads', async (_, argv) => {
    writeStep(100);
    mkdirSync(join(cwd, 'empty'));
    const watching = startCollapse(['watch', ...argv, '--until', '300', '--timeout', '60s', ...FAST], {
      cwd,
    });
    await watching.printed('step 100');
    await writeInPieces(200, 3);
    writeStep(300);
    const { code, stdout } = await watching.ended;
    expect(stdout).toMatch(/^ok (run|empty): no alert at 3 judged steps \(exit 0\)$/m);
    expect(code).toBe(0);
  });

  it('sees runs and steps that are links', async () => {
    const real = (step: number) => join(cwd, 'real', `step_${step}`);
    const late = startCollapse(['watch', 'runs', '--until', '300', '--timeout', '60s', ...FAST], { cwd });
    for (const step of [100, 200, 300]) {
      writeStep(step);
      mkdirSync(join(cwd, 'real'), { recursive: true });
      renameSync(folderOf(step), real(step));
    }
    mkdirSync(join(cwd, 'runs/a'), { recursive: true });
    for (const step of [100, 200, 300]) symlinkSync(real(step), join(cwd, 'runs/a', `step_${step}`));
    symlinkSync('../real', join(cwd, 'runs/b'));
    symlinkSync('..', join(cwd, 'real/back'));
    const { code, stdout } = await late.ended;
    expect(stdout).toMatch(/^ok 2 runs: 6 steps judged, no alert \(exit 0\)$/m);
    expect(code).toBe(0);
  });

  it('judges each step once, whatever order and pieces they come in, and ends with the verdict of a check', async () => {
    const argv = ['watch', 'run', ...FAST, '--until', '500', '-o', 'ndjson=all.ndjson'];
    const watching = startCollapse(argv, { cwd });
    await looks(1);
    await writeInPieces(200, 12);
    await writeInPieces(100, 5);
    mkdirSync(folderOf(300), { recursive: true });
    writeFileSync(join(folderOf(300), 'prediction.npy'), golden(HEALTHY, 'prediction'));
    await looks(4);
    await writeInPieces(400, 3);
    await watching.printed('ok step 400');
    await watching.printed('ok step 100');
    cpSync(folderOf(100), join(cwd, 'kept', 'step_100'), { recursive: true });
    rmSync(folderOf(100), { recursive: true });
    await looks(3);
    writeFileSync(join(folderOf(300), 'target.npy'), golden(HEALTHY, 'target'));
    await watching.printed('ok step 300');
    writeStep(500);
    const { code, stdout, stderr } = await watching.ended;
    expect(stderr).toBe('');
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(0, -1).sort()).toEqual([100, 200, 300, 400, 500].map((step) => `ok step ${step}`));
    expect(lines.at(-1)).toBe('ok run: no alert at 5 judged steps (exit 0)');
    expect(code).toBe(0);

    renameSync(join(cwd, 'kept', 'step_100'), folderOf(100));
    const gated = await collapse(['gate', 'all.ndjson', '--json'], { cwd });
    const checked = await collapse(['check', 'run', '--json'], { cwd });
    expect(gated.stdout).toBe(checked.stdout);
  });

  it('rings for each alerting step and leaves one sentinel', async () => {
    writeStep(100);
    writeStep(200, true);
    writeStep(300, true);
    const command = 'echo "$COLLAPSE_RUN $COLLAPSE_STEP" >> rung';
    const argv = [
      'watch',
      'run',
      ...FAST,
      ...REFERENCE,
      '--until',
      '300',
      '--on-alert',
      command,
      '--sentinel',
      'STOP',
    ];
    const { code, stdout } = await collapse(argv, { cwd, env: { PATH: process.env.PATH ?? '' } });
    expect(code).toBe(1);
    expect(stdout).toContain('ALERT step 200: ');
    expect(readFileSync(join(cwd, 'rung'), 'utf8')).toBe('run 200\nrun 300\n');
    expect(JSON.parse(readFileSync(join(cwd, 'STOP'), 'utf8'))).toMatchObject({ run: 'run', step: 200 });
  });

  it('rings for a step that alerts only once its baseline came late, and once', async () => {
    writeStep(200);
    const argv = [
      'watch',
      'run',
      ...FAST,
      ...REFERENCE,
      '--until',
      '300',
      '--sentinel',
      'STOP',
      '--keep-watching',
    ];
    const command = 'echo "$COLLAPSE_STEP" >> rung';
    const env = { PATH: process.env.PATH ?? '' };
    const watching = startCollapse([...argv, '--on-alert', command], { cwd, env });
    await watching.printed('ok step 200');
    // Ten times as far apart: against this baseline, step 200 has shrunk.
    const offset = golden(HEALTHY, 'prediction').length - 48 * 16 * 4;
    mkdirSync(folderOf(100), { recursive: true });
    for (const role of ['prediction', 'target']) {
      const bytes = golden(HEALTHY, role);
      for (let at = offset; at < bytes.length; at += 4) bytes.writeFloatLE(bytes.readFloatLE(at) * 10, at);
      writeFileSync(join(folderOf(100), `${role}.npy`), bytes);
    }
    await watching.printed('ALERT step 200');
    writeStep(300);
    const { code, stdout } = await watching.ended;
    expect(code).toBe(1);
    expect(stdout.match(/^(ok|ALERT) step \d+/gm)).toEqual([
      'ok step 200',
      'ok step 100',
      'ALERT step 200',
      'ALERT step 300',
    ]);
    expect(readFileSync(join(cwd, 'rung'), 'utf8')).toBe('200\n300\n');
    expect(JSON.parse(readFileSync(join(cwd, 'STOP'), 'utf8'))).toMatchObject({ step: 200 });
  });

  it('tells of an --on-alert that fails, and goes on', async () => {
    writeStep(100, true);
    const { code, stderr } = await collapse(
      ['watch', 'run', ...FAST, ...REFERENCE, '--until', '100', '--on-alert', 'exit 9'],
      { cwd },
    );
    expect(code).toBe(1);
    expect(stderr).toContain('--on-alert ended with 9');
  });

  it('tells of a damaged step once, and judges it when it was written again', async () => {
    mkdirSync(folderOf(100), { recursive: true });
    writeFileSync(join(folderOf(100), 'prediction.npy'), golden(HEALTHY, 'prediction').subarray(0, 900));
    writeFileSync(join(folderOf(100), 'target.npy'), golden(HEALTHY, 'target'));
    const watching = startCollapse(['watch', 'run', ...FAST, '--until', '100'], { cwd });
    await watching.printed('error[E203]', 'stderr');
    await looks(4);
    writeStep(100);
    const { code, stdout, stderr } = await watching.ended;
    expect(stderr.match(/error\[E203\]/g)).toHaveLength(1);
    expect(stdout).toContain('ok step 100');
    expect(code).toBe(0);
  });

  it('judges a step again that was of two shapes, once either file was written again', async () => {
    writeStep(100);
    const target = join(folderOf(100), 'target.npy');
    const whole = readFileSync(target);
    cpSync('fixtures/golden/isotropic_96x12/target.npy', target);
    const watching = startCollapse(['watch', 'run', ...FAST, '--until', '100'], { cwd });
    await watching.printed('error[E214]', 'stderr');
    await looks(4);
    writeFileSync(target, whole);
    const { code, stdout, stderr } = await watching.ended;
    expect(stderr.match(/error\[E214\]/g)).toHaveLength(1);
    expect(stdout).toContain('ok step 100');
    expect(code).toBe(0);
  });

  it.each([
    [
      'its kl_reg',
      () => writeFileSync(join(folderOf(100), 'kl_reg.json'), '50'),
      'ALERT step 100: kl_reg',
      48,
    ],
    [
      'its other rank',
      () => {
        for (const role of ['prediction', 'target']) {
          writeFileSync(join(folderOf(100), `${role}_rank1.npy`), golden(HEALTHY, role));
        }
      },
      'ok step 100',
      96,
    ],
  ])('measures a step again where %s comes late', async (_, come, line, rows) => {
    writeStep(100);
    for (const role of ['prediction', 'target']) {
      renameSync(join(folderOf(100), `${role}.npy`), join(folderOf(100), `${role}_rank0.npy`));
    }
    const argv = ['watch', 'run', ...FAST, '--state', 'state.json', '--timeout', '1h', '-o', 'json=r.json'];
    const watching = startCollapse(argv, { cwd });
    await watching.printed('ok step 100\n');
    come();
    await watching.printed(`ok step 100\n${line}`);
    passTime(HOUR);
    const { code, stdout, stderr } = await watching.ended;
    expect(stderr).toBe('');
    expect(stdout.split('\n').slice(0, 2)).toEqual(['ok step 100', expect.stringContaining(line)]);
    const read = JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'));
    expect(read.runs[0].steps).toMatchObject([{ step: 100, rows }]);
    const checked = await collapse(['check', 'run', '--json'], { cwd });
    expect([code, read.runs[0].steps]).toEqual([checked.code, JSON.parse(checked.stdout).runs[0].steps]);
  });

  it('waits for every directory it was given', async () => {
    writeStep(100);
    const argv = ['watch', 'run', 'other', ...FAST, ...REFERENCE, '--until', '100'];
    const late = startCollapse([...argv, '--timeout', '1h', '-q', '-o', 'ndjson=all.ndjson'], { cwd });
    await vi.waitUntil(() => existsSync(join(cwd, 'all.ndjson')), { timeout: 120_000 });
    passTime(HOUR);
    const { code, stdout, stderr } = await late.ended;
    expect(code).toBe(3);
    expect(stderr).toContain('step 100 was not reached');
    expect(stderr).toContain('error[E201]');
    expect(stdout).toMatch(/^ok run: .*\nERROR .*\(exit 3\)\n$/);

    const watching = startCollapse(argv, { cwd });
    await watching.printed('ok step 100');
    cpSync(join(cwd, 'run'), join(cwd, 'other'), { recursive: true });
    expect(await watching.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    ['a directory that never comes', 'nowhere', 3],
    ['an empty one', '.', 4],
  ])('exits as a check would after --timeout on %s', async (_, path, expected) => {
    const { code, stdout } = await collapse(['watch', path, ...FAST, '--timeout', '150ms'], { cwd });
    expect(code).toBe(expected);
    expect(stdout).toContain(`(exit ${expected})`);
  });

  it('ends with 4 where --until was not reached', async () => {
    writeStep(100);
    const watching = startCollapse(['watch', 'run', ...FAST, '--until', '500', '--timeout', '1h'], { cwd });
    await watching.printed('ok step 100');
    passTime(HOUR);
    const { code, stdout, stderr } = await watching.ended;
    expect(code).toBe(4);
    expect(stderr).toContain('error[E303] step 500 was not reached in time');
    expect(stdout).toMatch(/step 500 was not reached in time; too early to tell: 1 of 3 steps \(exit 4\)\n$/);
  });

  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends on %s with the verdict so far and %i', async (signal, expected) => {
    writeStep(100);
    const { child, printed, ended } = startExecutable(['watch', 'run', ...FAST, ...REFERENCE], { cwd });
    await printed('ok step 100');
    child.kill(signal);
    const { code, stdout } = await ended;
    expect(code).toBe(expected);
    expect(stdout).toContain(`ok run: no alert at 1 judged step (exit ${expected})`);
    expect(existsSync(join(cwd, 'run'))).toBe(true);
    expect(readdirSync(cwd)).toEqual(['run']);
  });
});
