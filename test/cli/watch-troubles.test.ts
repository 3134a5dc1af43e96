import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { collapse, startCollapse, startExecutable } from '../support/collapse.js';
import { folder, npy, square, step, writeFile } from '../support/run-folder.js';
import { FAST, looks, passTime } from '../support/watching.js';
import { writeNpy } from '../support/write-npy.js';

let cwd: string;
beforeEach(() => {
  cwd = folder();
  write(100, 1);
});

function write(number: number, scale: number): void {
  for (const [name, bytes] of Object.entries(step(number, scale))) writeFile(join(cwd, 'run'), name, bytes);
}

const env = { PATH: process.env.PATH ?? '' };
const HOUR = 3_600_000;
const watch = (...argv: string[]) => ['watch', 'run', '--preset', 'rfc-0005', ...FAST, ...argv];

describe('the commands of --on-alert', () => {
  it('run beside the judging, and are stopped when their time is over', async () => {
    write(200, 0.1);
    const began = performance.now();
    const watching = startCollapse(
      watch(
        '--until',
        '300',
        '--on-alert',
        'trap "" TERM; echo on; sleep 50 & wait; sleep 50',
        '--on-alert-timeout',
        '200ms',
      ),
      { cwd, env },
    );
    await watching.printed('ALERT step 200');
    write(300, 1);
    await watching.printed('ok step 300');
    await watching.printed('(exit 1)');
    const { code, stderr } = await watching.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('on\nwarning: --on-alert did not end in time and was stopped');
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('do not keep %s waiting', async (signal) => {
    write(200, 0.1);
    const began = performance.now();
    const { child, printed, ended } = startExecutable(watch('--on-alert', 'sleep 50; echo late > late'), {
      cwd,
      env,
    });
    await printed('ALERT step 200');
    child.kill(signal);
    const { code, stdout, stderr } = await ended;
    expect([code, stdout]).toEqual([signal === 'SIGHUP' ? 129 : 143, expect.stringContaining('ALERT run: ')]);
    expect(stderr).toContain('was stopped');
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(readdirSync(cwd)).toEqual(['run']);
  });

  it('are waited for at the end, until a signal comes', async () => {
    write(200, 0.1);
    const argv = watch('--on-alert', 'sleep 50', '--until', '200');
    const { child, printed, ended } = startExecutable(argv, { cwd, env });
    await printed('(exit 1)');
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('was stopped')]);
  });

  it('are killed at a second signal, which ends the watch at once', async () => {
    write(200, 0.1);
    const command = "trap '' TERM; echo $$ > pid; while :; do sleep 0.1; done";
    const { child, printed, ended } = startExecutable(watch('--on-alert', command), { cwd, env });
    await printed('ALERT step 200');
    const file = join(cwd, 'pid');
    await expect
      .poll(() => existsSync(file) && readFileSync(file, 'utf8') !== '', { timeout: 10_000 })
      .toBe(true);
    child.kill('SIGINT');
    await sleep(200);
    child.kill('SIGINT');
    await ended;
    const isRunning = () => {
      try {
        return process.kill(Number(readFileSync(file, 'utf8')), 0);
      } catch {
        return false;
      }
    };
    await expect.poll(isRunning, { timeout: 5000 }).toBe(false);
  });

  it('have a bounded output, and may leave something running', async () => {
    write(200, 0.1);
    const command = 'sleep 50 & echo $! > pid; head -c 3000000 /dev/zero | tr "\\0" x';
    const { code, stderr } = await collapse(watch('--until', '200', '--on-alert', command), { cwd, env });
    expect(code).toBe(1);
    expect(stderr.length).toBeLessThan(70_000);
    expect(stderr).toContain('more characters');
    process.kill(Number(readFileSync(join(cwd, 'pid'), 'utf8')));
  });

  it('run for every alert, in their order', async () => {
    for (let at = 200; at < 1000; at += 100) write(at, 0.1);
    const command = 'echo "$COLLAPSE_STEP" >> rung';
    await collapse(watch('--until', '900', '--on-alert', command), { cwd, env });
    expect(readFileSync(join(cwd, 'rung'), 'utf8')).toBe('200\n300\n400\n500\n600\n700\n800\n900\n');
  });
});

describe('files that change', () => {
  it('are judged again, also with size and time as before', async () => {
    const watching = startCollapse(watch('--sentinel', 'STOP', '--state', 'state.json'), { cwd });
    await watching.printed('ok step 100\n');
    write(200, 1);
    await watching.printed('ok step 200\n');
    const past = new Date(1e12);
    utimesSync(join(cwd, 'run/step_000200/prediction.npy'), past, past);
    await looks(4);
    write(200, 0.1);
    utimesSync(join(cwd, 'run/step_000200/prediction.npy'), past, past);
    const { code, stdout } = await watching.ended;
    expect(code).toBe(1);
    // The first change of time changed no number.
    expect(stdout.match(/^(ok|ALERT) step \d+/gm)).toEqual(['ok step 100', 'ok step 200', 'ALERT step 200']);
    expect(JSON.parse(readFileSync(join(cwd, 'STOP'), 'utf8'))).toMatchObject({ step: 200 });
  });

  it('ring again where they were repaired in between', async () => {
    const rung = 'echo "$COLLAPSE_STEP" >> rung';
    const watching = startCollapse(watch('--on-alert', rung, '--timeout', '1h'), { cwd, env });
    await watching.printed('ok step 100\n');
    for (const scale of [0.1, 1, 0.2]) {
      write(200, scale);
      await looks(8);
    }
    passTime(HOUR);
    const { stdout } = await watching.ended;
    expect(stdout.match(/^(ok|ALERT) step 200/gm)).toEqual([
      'ALERT step 200',
      'ok step 200',
      'ALERT step 200',
    ]);
    expect(readFileSync(join(cwd, 'rung'), 'utf8')).toBe('200\n200\n');
  });

  it.each([
    ['with new times', false],
    ['with the same times', true],
  ])('in place, from zeros on, %s, are waited for', async (_, keepsTime) => {
    const watching = startCollapse(watch('--until', '200', '--sentinel', 'STOP'), { cwd });
    await watching.printed('ok step 100\n');
    const whole = npy(Array.from({ length: 40 }, (_, i) => square(1)[i % 4] as number[]));
    const header = whole.length - 40 * 16;
    const folder = join(cwd, 'run/step_000200');
    mkdirSync(folder);
    writeFileSync(join(folder, 'target.npy'), whole);
    const path = join(folder, 'prediction.npy');
    writeFileSync(path, whole.slice().fill(0, header));
    const time = new Date();
    const fd = openSync(path, 'r+');
    for (let row = 0; row < 40; row += 8) {
      await looks(2);
      writeSync(fd, whole, header + row * 16, 8 * 16, header + row * 16);
      if (keepsTime) utimesSync(path, time, time);
    }
    closeSync(fd);
    const { code, stdout } = await watching.ended;
    expect(stdout).toMatch(/^ok step 100\nok step 200\nok run: /);
    expect(code).toBe(0);
    expect(existsSync(join(cwd, 'STOP'))).toBe(false);
  });

  it('of a step are waited for all together: a mask is full of zeros', async () => {
    const watching = startCollapse(watch('--until', '200'), { cwd });
    await watching.printed('ok step 100\n');
    const rows = Array.from({ length: 200 }, (_, i) => square(i < 100 ? 1 : 0.9)[i % 4] as number[]);
    for (const role of ['prediction', 'target']) writeFile(cwd, `run/step_000200/${role}.npy`, npy(rows));
    const mask = writeNpy({
      descr: '|b1',
      shape: [200],
      fortran: false,
      version: 1,
      padding: 4,
      values: rows.map((_, i) => (i < 100 ? 1 : 0)),
    });
    writeFile(cwd, 'run/step_000200/mask.npy', mask);
    const { code, stdout } = await watching.ended;
    expect([code, stdout.match(/^(ok|ALERT) step \d+/gm)]).toEqual([0, ['ok step 100', 'ok step 200']]);
  });

  it('of zeros are judged once they rest', async () => {
    write(200, 0);
    const { code, stdout } = await collapse(watch('--until', '200'), { cwd });
    expect([code, stdout]).toEqual([1, expect.stringContaining('ALERT step 200')]);
  });
});

it('a pipe in place of an array is an error of its step, and is not opened', async () => {
  const watching = startCollapse(watch('--until', '300', '--timeout', '60s'), { cwd });
  await watching.printed('ok step 100');
  mkdirSync(join(cwd, 'run/step_000200'));
  execFileSync('mkfifo', ['step_000200/prediction.npy', 'step_000200/target.npy', 'log'], {
    cwd: join(cwd, 'run'),
  });
  await watching.printed('error[E202] this is not a regular file', 'stderr');
  write(300, 1);
  expect((await watching.ended).code).toBe(3);
});

describe('what cannot be written', () => {
  it('is said once, tried again, and keeps nothing else from being done', async () => {
    writeFileSync(join(cwd, 'taken'), '');
    const files = ['--sentinel', 'taken/STOP', '-o', 'json=taken/r.json', '-o', 'csv=r.csv'];
    const argv = watch(...files, '--on-alert', 'echo on > rung', '--until', '300');
    const watching = startCollapse(argv, { cwd, env });
    await watching.printed('ok step 100');
    write(200, 0.1);
    await watching.printed('ALERT step 200');
    await looks(5);
    expect(readdirSync(cwd).sort()).toEqual(['r.csv', 'run', 'rung', 'taken']);
    unlinkSync(join(cwd, 'taken'));
    const { code, stderr } = await watching.ended;
    expect(code).toBe(1);
    expect(stderr.match(/error\[E401\]/g)).toHaveLength(2);
    expect(readdirSync(join(cwd, 'taken')).sort()).toEqual(['STOP', 'r.json']);
  });

  it('to the end is exit 3, with the verdict', async () => {
    writeFileSync(join(cwd, 'taken'), '');
    write(200, 0.1);
    const files = [
      '--sentinel',
      'taken/STOP',
      '-o',
      'json=taken/r.json',
      '-o',
      'json=r.json',
      '--state',
      'taken/state',
    ];
    const { code, stdout, stderr } = await collapse(watch(...files, '--until', '200'), { cwd });
    expect(code).toBe(3);
    expect(stdout).toMatch(/ALERT run: .*\nERROR .*could not be written.*2 alerts \(exit 3\)\n$/);
    for (const name of ['STOP', 'r.json', 'state']) expect(stderr).toContain(`--> taken/${name}`);
    expect(JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8')).exitCode).toBe(3);
  });

  it('is a state that came to harm: its memory is lost, and not the verdict', async () => {
    const watching = startCollapse(watch('--state', 's.json', '--until', '200'), { cwd });
    await watching.printed('ok step 100');
    writeFileSync(join(cwd, 's.json'), '[[[');
    write(200, 0.1);
    const { code, stdout, stderr } = await watching.ended;
    expect([code, stdout]).toEqual([3, expect.stringContaining('ALERT step 200')]);
    expect(stderr).toContain('error[E403]');
    expect(readFileSync(join(cwd, 's.json'), 'utf8')).toBe('[[[');
  });
});

describe('the sentinel', () => {
  it('ends the watch once it is there', async () => {
    write(200, 0.1);
    const { code, stdout } = await collapse(watch('--sentinel', 'a/STOP', '--until', '900'), { cwd });
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/^ok step 100\nALERT step 200.*\nALERT run: .*\n$/),
    ]);
    expect(readdirSync(join(cwd, 'a'))).toEqual(['STOP']);
  });

  it('does not with --keep-watching', async () => {
    write(200, 0.1);
    const watching = startCollapse(watch('--sentinel', 'STOP', '--keep-watching', '--until', '300'), { cwd });
    await watching.printed('ALERT step 200');
    await looks(3);
    write(300, 1);
    expect(await watching.ended).toMatchObject({ code: 1, stdout: expect.stringContaining('ok step 300') });
    rmSync(join(cwd, 'STOP'));
  });
});
