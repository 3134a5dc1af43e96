import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runMain } from '../support/run-main.js';

const golden = (name: string, role: string) => readFileSync(`fixtures/golden/${name}/${role}.npy`);
const HEALTHY = 'normal_48x16_float32';
const FAST = ['--interval', '25ms', '--no-progress'];

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'collapse-watch-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

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
      await sleep(8);
    }
  }
}

describe('collapse watch', () => {
  it('judges each step once, whatever order and pieces they come in, and ends with the verdict of a check', async () => {
    let seen = '';
    const watching = runMain(
      ['watch', 'run', ...FAST, '--until', '500', '--timeout', '20s', '-o', 'ndjson=all.ndjson'],
      {
        cwd,
        onStdout: (text) => {
          seen = text;
        },
      },
    );
    await sleep(60);
    await writeInPieces(200, 12);
    await writeInPieces(100, 5);
    mkdirSync(folderOf(300), { recursive: true });
    writeFileSync(join(folderOf(300), 'prediction.npy'), golden(HEALTHY, 'prediction'));
    await sleep(120);
    await writeInPieces(400, 3);
    await sleep(120);
    while (!seen.includes('ok step 100')) await sleep(10);
    cpSync(folderOf(100), join(cwd, 'kept', 'step_100'), { recursive: true });
    rmSync(folderOf(100), { recursive: true });
    await sleep(80);
    writeFileSync(join(folderOf(300), 'target.npy'), golden(HEALTHY, 'target'));
    await sleep(120);
    writeStep(500);
    const { code, stdout, stderr } = await watching;
    expect(stderr).toBe('');
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(0, -1).sort()).toEqual([100, 200, 300, 400, 500].map((step) => `ok step ${step}`));
    expect(lines.at(-1)).toBe('ok run: no alert at 5 judged steps (exit 0)');
    expect(code).toBe(0);

    renameSync(join(cwd, 'kept', 'step_100'), folderOf(100));
    const gated = await runMain(['gate', 'all.ndjson', '--json'], { cwd });
    const checked = await runMain(['check', 'run', '--json'], { cwd });
    expect(gated.stdout).toBe(checked.stdout);
  }, 30_000);

  it('rings for each alerting step and leaves one sentinel', async () => {
    writeStep(100);
    writeStep(200, true);
    writeStep(300, true);
    const command = 'echo "$COLLAPSE_RUN $COLLAPSE_STEP" >> rung';
    const argv = ['watch', 'run', ...FAST, '--until', '300', '--on-alert', command, '--sentinel', 'STOP'];
    const { code, stdout } = await runMain(argv, { cwd, env: { PATH: process.env.PATH ?? '' } });
    expect(code).toBe(1);
    expect(stdout).toContain('ALERT step 200: ');
    expect(readFileSync(join(cwd, 'rung'), 'utf8')).toBe('run 200\nrun 300\n');
    expect(JSON.parse(readFileSync(join(cwd, 'STOP'), 'utf8'))).toMatchObject({ run: 'run', step: 200 });
  });

  it('rings for a step that alerts only once its baseline came late, and once', async () => {
    writeStep(200);
    let seen = '';
    const argv = ['watch', 'run', ...FAST, '--until', '300', '--timeout', '20s', '--sentinel', 'STOP'];
    const command = 'echo "$COLLAPSE_STEP" >> rung';
    const watching = runMain([...argv, '--on-alert', command], {
      cwd,
      env: { PATH: process.env.PATH ?? '' },
      onStdout: (text) => {
        seen = text;
      },
    });
    while (!seen.includes('ok step 200')) await sleep(10);
    // Ten times as far apart: against this baseline, step 200 has shrunk.
    const offset = golden(HEALTHY, 'prediction').length - 48 * 16 * 4;
    mkdirSync(folderOf(100), { recursive: true });
    for (const role of ['prediction', 'target']) {
      const bytes = golden(HEALTHY, role);
      for (let at = offset; at < bytes.length; at += 4) bytes.writeFloatLE(bytes.readFloatLE(at) * 10, at);
      writeFileSync(join(folderOf(100), `${role}.npy`), bytes);
    }
    while (!seen.includes('ALERT step 200')) await sleep(10);
    writeStep(300);
    const { code, stdout } = await watching;
    expect(code).toBe(1);
    expect(stdout.match(/^(ok|ALERT) step \d+/gm)).toEqual([
      'ok step 200',
      'ok step 100',
      'ALERT step 200',
      'ALERT step 300',
    ]);
    expect(readFileSync(join(cwd, 'rung'), 'utf8')).toBe('200\n300\n');
    expect(JSON.parse(readFileSync(join(cwd, 'STOP'), 'utf8'))).toMatchObject({ step: 200 });
  }, 30_000);

  it('tells of an --on-alert that fails, and goes on', async () => {
    writeStep(100, true);
    const { code, stderr } = await runMain(
      ['watch', 'run', ...FAST, '--until', '100', '--on-alert', 'exit 9'],
      { cwd },
    );
    expect(code).toBe(1);
    expect(stderr).toContain('--on-alert ended with 9');
  });

  it('tells of a damaged step once, and judges it when it was written again', async () => {
    mkdirSync(folderOf(100), { recursive: true });
    writeFileSync(join(folderOf(100), 'prediction.npy'), golden(HEALTHY, 'prediction').subarray(0, 900));
    writeFileSync(join(folderOf(100), 'target.npy'), golden(HEALTHY, 'target'));
    const watching = runMain(['watch', 'run', ...FAST, '--until', '100', '--timeout', '10s'], { cwd });
    await sleep(400);
    writeStep(100);
    const { code, stdout, stderr } = await watching;
    expect(stderr.match(/error\[E203\]/g)).toHaveLength(1);
    expect(stdout).toContain('ok step 100');
    expect(code).toBe(0);
  });

  it('judges a step again that was of two shapes, once either file was written again', async () => {
    writeStep(100);
    const target = join(folderOf(100), 'target.npy');
    const whole = readFileSync(target);
    cpSync('fixtures/golden/isotropic_96x12/target.npy', target);
    const watching = runMain(['watch', 'run', ...FAST, '--until', '100', '--timeout', '10s'], { cwd });
    await sleep(400);
    writeFileSync(target, whole);
    const { code, stdout, stderr } = await watching;
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
    let seen = '';
    const argv = ['watch', 'run', ...FAST, '--state', 'state.json', '--timeout', '3s', '-o', 'json=r.json'];
    const onStdout = (text: string) => {
      seen = text;
    };
    const watching = runMain(argv, { cwd, onStdout });
    while (!seen.includes('ok step 100')) await sleep(10);
    come();
    const { code, stdout, stderr } = await watching;
    expect(stderr).toBe('');
    expect(stdout.split('\n').slice(0, 2)).toEqual(['ok step 100', expect.stringContaining(line)]);
    const read = JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'));
    expect(read.runs[0].steps).toMatchObject([{ step: 100, rows }]);
    const checked = await runMain(['check', 'run', '--json'], { cwd });
    expect([code, read.runs[0].steps]).toEqual([checked.code, JSON.parse(checked.stdout).runs[0].steps]);
  });

  it('waits for every directory it was given', async () => {
    writeStep(100);
    const { code, stdout, stderr } = await runMain(
      ['watch', 'run', 'other', ...FAST, '--until', '100', '--timeout', '400ms', '-q'],
      { cwd },
    );
    expect(code).toBe(3);
    expect(stderr).toContain('step 100 was not reached');
    expect(stderr).toContain('error[E201]');
    expect(stdout).toMatch(/^ok run: .*\nERROR .*\(exit 3\)\n$/);

    const watching = runMain(['watch', 'run', 'other', ...FAST, '--until', '100', '--timeout', '10s'], {
      cwd,
    });
    await sleep(200);
    cpSync(join(cwd, 'run'), join(cwd, 'other'), { recursive: true });
    expect(await watching).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    ['a directory that never comes', 'nowhere', 3],
    ['an empty one', '.', 4],
  ])('exits as a check would after --timeout on %s', async (_, path, expected) => {
    const { code, stdout } = await runMain(['watch', path, ...FAST, '--timeout', '150ms'], { cwd });
    expect(code).toBe(expected);
    expect(stdout).toContain(`(exit ${expected})`);
  });

  it('warns where --until was not reached', async () => {
    writeStep(100);
    const { code, stderr } = await runMain(
      ['watch', 'run', ...FAST, '--until', '500', '--timeout', '300ms'],
      { cwd },
    );
    expect(code).toBe(0);
    expect(stderr).toContain('step 500 was not reached');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends on %s with the verdict so far and %i', async (signal, expected) => {
    writeStep(100);
    const child = spawn(process.execPath, [resolve('bin/collapse.js'), 'watch', 'run', ...FAST], { cwd });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
      if (chunk.includes('ok step 100')) child.kill(signal);
    });
    const code = await new Promise((done) => child.on('close', done));
    expect(code).toBe(expected);
    expect(stdout).toContain(`ok run: no alert at 1 judged step (exit ${expected})`);
    expect(existsSync(join(cwd, 'run'))).toBe(true);
    expect(readdirSync(cwd)).toEqual(['run']);
  });
});
