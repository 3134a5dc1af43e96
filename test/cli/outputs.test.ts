import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readEventFile } from '../reporters/read-event-file.js';
import { collapse } from '../support/collapse.js';
import { folder, writeMatrix } from '../support/run-folder.js';

const pair = ['prediction', 'target'].map((role) =>
  resolve(`fixtures/golden/normal_48x16_float32/${role}.npy`),
);
let cwd: string;
beforeEach(() => {
  cwd = folder();
});

describe('-o', () => {
  it('writes any number of formats at once, and one to stdout', async () => {
    const files = [
      'json=r.json',
      'csv=r.csv',
      'markdown=r.md',
      'junit=r.xml',
      'sarif=r.sarif',
      'prometheus=r.prom',
      'tensorboard=events.out.tfevents.1',
    ];
    const argv = ['check', ...pair, ...files.flatMap((file) => ['-o', file]), '-o', 'github'];
    const { code, stdout } = await collapse(argv, { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^::notice title=embedding-collapse%3A ok::/);
    expect(readdirSync(cwd).sort()).toEqual(files.map((file) => file.split('=')[1]).sort());
  });

  it('makes the folders of a file', async () => {
    const argv = ['check', ...pair, '-o', 'csv=reports/today/r.csv', '-q'];
    expect(await collapse(argv, { cwd })).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(join(cwd, 'reports/today'))).toEqual(['r.csv']);
  });

  it('loses neither the verdict nor the other files where some cannot be written', async () => {
    writeFileSync(join(cwd, 'taken'), '');
    mkdirSync(join(cwd, 'folder'));
    const files = [
      'csv=taken/r.csv',
      'json=r.json',
      'markdown=folder',
      'junit=/proc/none/x.xml',
      'html=r.html',
    ];
    const argv = ['check', ...pair, ...files.flatMap((file) => ['-o', file])];
    const { code, stdout, stderr } = await collapse(argv, { cwd });
    expect(code).toBe(3);
    expect(stdout).toMatch(/3 outputs could not be written; 1 step judged, .*\(exit 3\)\n$/);
    expect(stderr.match(/error\[E401\]/g)).toHaveLength(3);
    expect(readdirSync(cwd).sort()).toEqual(['folder', 'r.html', 'r.json', 'taken']);
    const read = JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'));
    expect(read).toMatchObject({ status: 'error', exitCode: 3, summary: { errors: 3 } });
    expect(read.runs[0].status).toBe('ok');
  });

  it('leaves what the state remembers to the event files of earlier checks', async () => {
    const steps: number[] = [];
    for (const step of [1, 2, 3]) {
      for (const role of ['prediction', 'target']) writeMatrix(cwd, `run/step_${step}/${role}.npy`, [8, 2]);
      const file = `events.out.tfevents.${step}`;
      const argv = ['check', 'run', '--last', '1', '--state', 'state.json', '-o', `tensorboard=${file}`];
      expect((await collapse(argv, { cwd })).code).toBe(0);
      for (const event of readEventFile(readFileSync(join(cwd, file))))
        if (event.fileVersion === null) steps.push(event.step);
    }
    expect(steps).toEqual([1, 2, 3]);
  });

  it('refuses an event file that TensorBoard would not see', async () => {
    const { code, stderr } = await collapse(['check', ...pair, '-o', 'tensorboard=log.bin'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("'tfevents' in its name");
  });
});

describe("GitHub's job summary", () => {
  const env = () => ({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(cwd, 'summary.md') });

  it('is appended to, and stdout stays what was asked for', async () => {
    for (let i = 0; i < 2; i++) {
      const { stdout } = await collapse(['check', ...pair, '--json'], { cwd, env: env() });
      expect(JSON.parse(stdout)).toMatchObject({ status: 'ok' });
    }
    expect(readFileSync(join(cwd, 'summary.md'), 'utf8').match(/^## /gm)).toHaveLength(2);
  });

  it('is left alone with --no-ci and outside GitHub', async () => {
    await collapse(['check', ...pair, '--no-ci'], { cwd, env: env() });
    await collapse(['check', ...pair], { cwd, env: { GITHUB_STEP_SUMMARY: join(cwd, 'summary.md') } });
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('replaces no data, wherever it is said to be', async () => {
    const path = join(cwd, 'step_1.npy');
    writeFileSync(path, Buffer.alloc(200));
    const how = { cwd, env: { ...env(), GITHUB_STEP_SUMMARY: path } };
    const { code, stderr } = await collapse(['check', ...pair], how);
    expect(code).toBe(0);
    expect(stderr).toContain('warning: no job summary: it is a file of data');
    expect(readFileSync(path)).toEqual(Buffer.alloc(200));
  });

  it('is no reason to fail', async () => {
    mkdirSync(join(cwd, 'summary.md'));
    const { code, stderr } = await collapse(['check', ...pair], { cwd, env: env() });
    expect(code).toBe(0);
    expect(stderr).toContain('warning: no job summary');
  });
});
