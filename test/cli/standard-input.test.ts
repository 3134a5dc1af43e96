import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collapse, executable } from '../support/collapse.js';
import { folder, npy, square, step, writeFile } from '../support/run-folder.js';
import { writeZip } from '../support/write-zip.js';

const npz = (prediction: number, target = 1): Uint8Array =>
  writeZip([
    { name: 'prediction.npy', bytes: npy(square(prediction)), deflated: false },
    { name: 'target.npy', bytes: npy(square(target)), deflated: true },
  ]);

const report = async (...[argv, how]: Parameters<typeof collapse>) => {
  const { stdout } = await collapse([...argv, '--preset', 'rfc-0005', '--json'], how);
  return JSON.parse(stdout);
};

describe('an array file on standard input', () => {
  it('is a step, with the run and number that are given', async () => {
    const { runs, exitCode } = await report(['check', '-', '--run', 'exp1', '--step', '500'], {
      input: npz(0.1),
    });
    expect(exitCode).toBe(1);
    expect(runs).toMatchObject([{ run: 'exp1', latest: { step: 500, stop: true, level: 'error' } }]);
    expect(runs[0].steps[0].inputs.prediction.path).toBe('stdin.npz');
  });

  it('says what the file says', async () => {
    const cwd = folder({ 'pair.npz': npz(0.9) });
    const named = await report(['check', 'pair.npz'], { cwd });
    const piped = await report(['check', '-'], { cwd, input: npz(0.9) });
    expect(piped.runs[0].latest).toEqual(named.runs[0].latest);
  });

  it('goes on from a state, checkpoint by checkpoint', async () => {
    const cwd = folder({});
    const check = (number: number, scale: number) =>
      report(['check', '-', '--run', 'r', '--step', String(number), '--state', 's.json'], {
        cwd,
        input: npz(scale),
      });
    expect((await check(100, 1)).exitCode).toBe(0);
    const second = await check(200, 0.1);
    expect(second.exitCode).toBe(1);
    expect(second.runs[0].baseline).toMatchObject({ step: 100, source: 'state' });
  });

  it('is one array alone in an .npy', async () => {
    const { runs } = await report(['check', '-', '--target', 'none'], {
      input: npy(square(1)),
    });
    expect(runs[0].steps[0]).toMatchObject({ rows: 4, dims: 2 });
  });

  it('is measured too', async () => {
    const { stdout } = await collapse(['measure', '-', '--run', 'a', '--step', '7'], { input: npz(1) });
    expect(JSON.parse(stdout.split('\n')[0]!)).toMatchObject({ type: 'step', run: 'a', step: 7, rows: 4 });
  });

  it('is refused beside paths, where only paths are read, and beyond the budget', async () => {
    const input = npz(1);
    expect(await collapse(['check', '-', 'other'], { input })).toMatchObject({ code: 2 });
    for (const command of ['doctor', 'inspect', 'report']) {
      const { code, stderr } = await collapse([command, '-'], { input });
      expect([code, stderr]).toMatchObject([2, expect.stringContaining('E104')]);
    }
    const { code, stderr } = await collapse(['check', '-', '--max-memory', '100'], { input });
    expect([code, stderr]).toMatchObject([3, expect.stringContaining('E220')]);
    expect((await collapse(['check', '-'], { input: npz(1).subarray(0, 60) })).code).toBe(3);
  });

  it('is paths where it does not begin as an array file', async () => {
    const cwd = folder(step(100, 1));
    expect((await collapse(['check', '-', '-q'], { cwd, input: 'step_000100\n' })).code).toBe(0);
  });
});

describe('standard input that cannot be read', () => {
  it.each([['check', '-'], ['measure', '-'], ['gate', '-'], ['inspect', '-'], ['report', '-'], ['serve']])(
    '%s %s: one that was opened for writing alone is E202',
    async (...argv) => {
      const fd = openSync(join(folder(), 'x'), 'w');
      const { code, stderr } = await executable(argv, { stdio: [fd, 'pipe', 'pipe'] });
      closeSync(fd);
      expect(stderr).toContain(
        'error[E202] cannot read: it is not open for that (EBADF)\n  --> standard input\n',
      );
      expect(code).toBe(3);
    },
  );
});

describe('--run and --step', () => {
  it('make shards of several places one run', async () => {
    const cwd = folder({});
    for (const [i, mount] of ['a', 'b'].entries()) {
      const files = Object.entries(step(100 * (i + 1), 1));
      const root = folder(Object.fromEntries(files.map(([name, bytes]) => [`${mount}/exp/${name}`, bytes])));
      const { stdout } = await collapse(['measure', join(root, mount, 'exp'), '--run', 'exp'], { cwd });
      writeFile(cwd, `${mount}.ndjson`, stdout);
    }
    const { runs } = await report(['gate', 'a.ndjson', 'b.ndjson'], { cwd });
    expect(runs).toMatchObject([{ run: 'exp', latest: { step: 200 } }]);
  });

  it('name one, and refuse several', async () => {
    const cwd = folder({ ...step(100, 1), ...step(200, 1) });
    expect(await collapse(['check', '.', '--step', '5'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--step names one step, and there are more: 100 and 200'),
    });
    const files = Object.entries(step(1, 1)).flatMap(([name, bytes]) => [
      [`a/${name}`, bytes] as const,
      [`b/${name}`, bytes] as const,
    ]);
    const runs = folder(Object.fromEntries(files));
    expect((await collapse(['measure', 'a', 'b', '--run', 'x'], { cwd: runs })).code).toBe(2);
  });
});
