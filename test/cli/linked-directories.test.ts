import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '#report/types.js';
import { collapse, executable } from '../support/collapse.js';
import { folder, npy, square, step, writeFile } from '../support/run-folder.js';

let cwd: string;
beforeEach(() => {
  cwd = folder();
});

const write = (run: string, files: Record<string, Uint8Array>) => {
  for (const [name, bytes] of Object.entries(files)) writeFile(cwd, `${run}/${name}`, bytes);
};
const link = (target: string, path: string) => {
  mkdirSync(join(cwd, path, '..'), { recursive: true });
  symlinkSync(target, join(cwd, path));
};

async function stepsOf(...argv: string[]) {
  const { stdout, stderr } = await collapse(['check', ...argv, '--json'], { cwd });
  const { runs, errors } = JSON.parse(stdout) as Report;
  expect(errors, stderr).toEqual([]);
  return runs.map(({ run, steps }) => [run, steps.map((one) => one.step)]);
}

/** Directories that each hold links to all others, in every one a pair of files. */
function web(root: string, names: string): void {
  for (const name of names) {
    write(`${root}/${name}`, { 'prediction.npy': npy(square(1)), 'target.npy': npy(square(1)) });
    for (const other of names) if (other !== name) link(`../${other}`, `${root}/${name}/to_${other}`);
  }
}

describe('links as they are used every day', () => {
  it('a run, its steps and its files may be links', async () => {
    write('store', { ...step(1, 1), ...step(2, 1), ...step(3, 1) });
    link('store', 'run');
    for (const number of [1, 2, 3]) link(`../store/step_00000${number}`, `steps/step_${number}`);
    for (const number of [1, 2, 3]) {
      for (const role of ['prediction', 'target'])
        link(`../../store/step_00000${number}/${role}.npy`, `files/step_${number}/${role}.npy`);
    }
    for (const run of ['run', 'steps', 'files']) expect(await stepsOf(run)).toEqual([[run, [1, 2, 3]]]);
  });

  it('runs may share data, however many they are', async () => {
    write('store', { ...step(1, 1), ...step(2, 1) });
    for (const number of [1, 2]) write('targets', { [`${number}/target.npy`]: npy(square(1)) });
    for (const seed of [0, 1, 2]) {
      for (const number of [1, 2]) {
        write(`runs/seed${seed}/step_${number}`, { 'prediction.npy': npy(square(1)) });
        link(`../../../targets/${number}`, `runs/seed${seed}/step_${number}/shared`);
      }
    }
    expect(await stepsOf('runs')).toEqual([0, 1, 2].map((seed) => [`runs/seed${seed}`, [1, 2]]));
    for (const seed of [0, 1, 2]) link('../store', `alike/seed${seed}`);
    expect(await stepsOf('alike')).toEqual([0, 1, 2].map((seed) => [`alike/seed${seed}`, [1, 2]]));
  });

  it('a link to the newest run is a run', async () => {
    write('runs/a', step(1, 1));
    write('runs/b', step(1, 1));
    link('b', 'runs/latest');
    expect((await stepsOf('runs')).map(([run]) => run)).toEqual(['runs/a', 'runs/b', 'runs/latest']);
  });
});

describe('directories that link to each other', () => {
  it('a few are walked', async () => {
    web('web', 'abc');
    expect((await stepsOf('web')).map(([run]) => run)).toEqual(['web/a', 'web/b', 'web/c']);
  });

  it.each(['check', 'inspect', 'doctor'])(
    'many: %s ends, says so once, and looks at each',
    async (command) => {
      web('web', 'abcdefghijkl');
      const { code, stdout, stderr } = await executable([command, 'web'], {
        cwd,
        node: ['--max-old-space-size=300'],
      });
      expect(code).toBe(3);
      const said = stdout + stderr;
      expect(said.match(/^error/gm) ?? said).toHaveLength(1);
      expect(said).toContain('error[E202] cannot walk every way through the links');
      for (const name of 'abcdefghijkl') expect(stdout).toContain(`web/${name}`);
    },
  );

  it('through a pattern, too', async () => {
    web('web', 'abcdefghijkl');
    const { code, stderr } = await executable(['check', 'web/**/target.npy', '--target', 'none'], {
      cwd,
      node: ['--max-old-space-size=300'],
    });
    expect(code).toBe(3);
    expect(stderr).toContain('error[E202] cannot walk every way through the links');
  });
});
