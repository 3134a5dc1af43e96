import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collapse, executable } from '../support/collapse.js';
import { folder, step, writeFile } from '../support/run-folder.js';
import { writeNpy } from '../support/write-npy.js';
import { writeZip } from '../support/write-zip.js';

/** A run whose step 200 holds these links instead of files. */
function withLinks(links: Readonly<Record<string, string>>): string {
  const cwd = folder(step(100, 1));
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(join(cwd, path, '..'), { recursive: true });
    symlinkSync(target, join(cwd, path));
  }
  return cwd;
}

const DEAD = '/not/mounted/x.npy';

it.each([
  ['arrays', { 'step_200/prediction.npy': DEAD, 'step_200/target.npy': DEAD }, 'step_200/prediction.npy'],
  [
    'an array of two',
    { 'step_200/prediction.npy': DEAD, 'step_200/target.npy': '../step_000100/target.npy' },
    'E201',
  ],
  ['a container', { 'step_200/data.npz': DEAD }, 'step_200/data.npz'],
  ['a container that names its step', { 'step_200.npz': DEAD }, 'step_200.npz'],
  ['a directory', { step_200: '/not/mounted' }, 'step_200'],
])('a step behind links that lead nowhere is an error: %s', async (_, links, named) => {
  const { code, stderr } = await collapse(['check', '.', '-q'], { cwd: withLinks(links) });
  expect(code).toBe(3);
  expect(stderr).toMatch(/^error\[E20[12]\]/);
  expect(stderr).toContain(named);
});

it("a link that leads nowhere and names neither role nor step is nobody's business", async () => {
  const links = { latest: 'gone', 'notes.npy': DEAD, 'model.safetensors': DEAD, 'config.json': DEAD };
  expect(await collapse(['check', '.', '-q'], { cwd: withLinks(links) })).toMatchObject({
    code: 0,
    stderr: '',
  });
});

it.each(['prediction.npy', 'mask.npy', 'kl_reg.json', 'context.npy', 'more.npz'])(
  'what a step reads may be no pipe or device: %s',
  async (name) => {
    const pipe = folder({ ...step(100, 1), ...step(200, 1) });
    rmSync(join(pipe, 'step_000200', name), { force: true });
    execFileSync('mkfifo', [join(pipe, 'step_000200', name)]);
    const device = withLinks({
      [`step_000100/${name === 'prediction.npy' ? 'mask.npy' : name}`]: '/dev/null',
    });
    for (const cwd of [pipe, device]) {
      const { code, stderr } = await collapse(['check', '.', '-q'], { cwd });
      expect(stderr).toMatch(/^error\[E202\] (this is not a regular file|cannot open)/);
      expect(code).toBe(3);
    }
  },
);

it.each(['prediction.npy', 'mask.npy', 'kl_reg.json', 'context.npy'])(
  'what a step reads may be no directory: %s',
  async (name) => {
    for (const inside of [[], ['notes.txt'], ['deeper/README.md']]) {
      const cwd = folder({ ...step(100, 1), ...step(200, 1) });
      const path = join(cwd, 'step_000200', name);
      rmSync(path, { force: true });
      mkdirSync(path);
      for (const file of inside) writeFile(path, file, 'x');
      const { code, stderr } = await executable(['check', '.', '-q'], { cwd });
      expect(stderr).toMatch(/^error\[E201\] this is a directory/);
      expect(stderr).toContain(`step_000200/${name}`);
      expect(code).toBe(3);
    }
  },
);

it('directories with other names, and those of tables in parts, are looked into as before', async () => {
  const cwd = folder({ ...step(100, 1) });
  for (const name of ['step_000100/model.pt', 'step_000100/notes', 'step_000100/mask', 'mask.npy']) {
    mkdirSync(join(cwd, name));
  }
  expect(await collapse(['check', '.', '-q'], { cwd })).toMatchObject({ code: 0, stderr: '' });
  mkdirSync(join(cwd, 'step_000200/prediction.npy'), { recursive: true });
  for (const role of ['prediction', 'target']) {
    cpSync(join(cwd, `step_000100/${role}.npy`), join(cwd, `step_000200/prediction.npy/${role}.npy`));
  }
  const { code, stdout } = await collapse(['check', '.', '--json'], { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(stdout).summary.steps).toBe(2);
});

it("a pipe that names neither role nor step is nobody's business", async () => {
  const cwd = folder(step(100, 1));
  for (const name of ['log', 'notes.npy', 'step_000100/stdin.txt']) execFileSync('mkfifo', [join(cwd, name)]);
  expect(await collapse(['check', '.', '-q'], { cwd })).toMatchObject({ code: 0, stderr: '' });
});

it('steps that are left out may be behind such links', async () => {
  const cwd = withLinks({ 'step_200/prediction.npy': DEAD, 'step_200/target.npy': DEAD });
  expect((await collapse(['check', '.', '-q', '--steps', '100..100'], { cwd })).code).toBe(0);
});

it('a directory whose name is not UTF-8 is an error', async () => {
  const cwd = folder(step(100, 1));
  const name = Buffer.concat([Buffer.from(`${cwd}/caf`), Buffer.from([0xe9])]);
  mkdirSync(name);
  const { code, stderr } = await collapse(['check', '.', '-q'], { cwd });
  expect(code).toBe(3);
  expect(stderr).toContain('its name is not UTF-8');
});

it('a state that does not know the run says so', async () => {
  const cwd = folder({ ...step(100, 1), ...step(200, 1) });
  const state = ['--state', 'state.json', '-q'];
  expect((await collapse(['check', '.', '--steps', '100..100', ...state], { cwd })).stderr).toBe('');
  expect((await collapse(['check', '.', '--last', '1', ...state], { cwd })).stderr).toBe('');
  const { stderr } = await collapse(['check', cwd, '--last', '1', ...state], { cwd });
  expect(stderr).toContain(`state.json has ., and not ${cwd}, which begins anew`);
});

it('a kl_reg that was asked for and cannot be judged is no ok with --on-unavailable fail', async () => {
  const cwd = folder(step(100, 1));
  const flags = ['--kl-reg', 'computed', '--kl-reg-max', '0.01', '-q'];
  expect((await collapse(['check', '.', ...flags], { cwd })).code).toBe(0);
  const { code, stdout } = await collapse(['check', '.', ...flags, '--on-unavailable', 'fail'], { cwd });
  expect(code).toBe(4);
  expect(stdout).toContain('kl_reg could not be decided at any judged step');
});

it.each(['<u2', '<i2', '|V2'])(
  'bits of bfloat16 in %s are no integers where --dtype says so',
  async (descr) => {
    // 1, −1, 0.5, −0.5 and so on: the upper halves of their float32.
    const bits = [0x3f80, 0xbf80, 0x3f00, 0xbf00, 0x4000, 0xc000];
    const values = descr === '<i2' ? bits.map((b) => (b << 16) >> 16) : bits;
    const bytes = writeNpy({
      descr: descr === '|V2' ? '<u2' : descr,
      shape: [6, 1],
      fortran: false,
      version: 1,
      padding: 4,
      values,
    });
    const text = Buffer.from(bytes).toString('latin1').replace("'<u2'", `'${descr}'`);
    const file = Buffer.from(text, 'latin1');
    const cwd = folder({ 'step_1/prediction.npy': file, 'step_1/target.npy': file });
    const { stdout } = await collapse(['measure', '.', '--dtype', 'bfloat16'], { cwd });
    expect(JSON.parse(stdout.split('\n')[0]!).metrics.pred_var_per_dim).toBe(10.5 / 6);
  },
);

it.each([
  ['100', '200'],
  ['zorp5', 'zorp10'],
  ['2024-01-31', '2024-02-01'],
])('what may be steps of one run or runs is asked about: %s, %s', async (...names) => {
  const [prediction, target] = Object.values(step(1, 1)) as [Uint8Array, Uint8Array];
  const files = names.flatMap((name) => [
    [`run/${name}/prediction.npy`, prediction] as const,
    [`run/${name}/target.npy`, target] as const,
  ]);
  const cwd = folder(Object.fromEntries(files));
  const { code, stderr } = await collapse(['check', 'run', '-q'], { cwd });
  expect([code, stderr]).toEqual([4, expect.stringContaining('error[E304]')]);
  for (const [siblings, runs] of [
    ['steps', [{ steps: [{}, {}] }]],
    ['runs', [{ steps: [{}] }, { steps: [{}] }]],
  ] as const) {
    const { stdout } = await collapse(['check', 'run', '--siblings', siblings, '--json'], { cwd });
    expect(JSON.parse(stdout).runs).toMatchObject(runs);
  }
});

it.each([
  ['step 1', 'step 2'],
  ['step.100', 'step.200'],
  ['update_5', 'update_10'],
])('the steps of other spellings are one run, and the header says how: %s, %s', async (...names) => {
  const [prediction, target] = Object.values(step(1, 1)) as [Uint8Array, Uint8Array];
  const files = names.flatMap((name) => [
    [`run/${name}/prediction.npy`, prediction] as const,
    [`run/${name}/target.npy`, target] as const,
  ]);
  const cwd = folder(Object.fromEntries(files));
  const { code, stdout } = await collapse(['check', 'run', '--width', '200'], { cwd });
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/^run {2}2 steps, .*steps read from '(step|update)' in /m),
  ]);
});

it.each(['exp1', 'seed0', 'a'])('runs of one step each are runs: %s and its neighbour', async (name) => {
  const [prediction, target] = Object.values(step(1, 1)) as [Uint8Array, Uint8Array];
  const run = (name_: string) => ({
    [`${name_}/prediction.npy`]: prediction,
    [`${name_}/target.npy`]: target,
  });
  const cwd = folder({ ...run(name), ...run(`${name}2`) });
  expect(await collapse(['check', '.', '-q'], { cwd })).toMatchObject({ code: 0, stderr: '' });
});

it('an installation without its code is a bug and no alert', async () => {
  const cwd = folder({});
  cpSync('bin', join(cwd, 'bin'), { recursive: true });
  writeFileSync(join(cwd, 'package.json'), '{}');
  const { code, stderr } = await executable(['check', '.'], { installation: cwd });
  expect(code).toBe(70);
  expect(stderr).toMatch(
    /^error\[E901\] this installation is broken: Cannot find module .*\n {2}help: .*\n$/,
  );
});

describe('a step whose file is of a kind that is not read', () => {
  const pair = (role: string) => ({ name: `${role}.npy`, bytes: npyOf(role), deflated: false });
  const npyOf = (role: string) => readFileSync(`fixtures/golden/normal_48x16_float32/${role}.npy`);
  const archive = writeZip([pair('prediction'), pair('target')]);
  const encrypted = archive.slice();
  // The flags of the first entry of the directory.
  const entry = Buffer.from(archive.buffer).indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  encrypted[entry + 8] = 1;
  const PICKLE = Buffer.from('\x80\x04cos\nsystem\n)R.', 'latin1');

  it.each([
    ['an encrypted archive', 'data', 'data.npz', encrypted],
    ['a pickle', 'data', 'data.pt', PICKLE],
    ['an archive that names its step alone', '', '.npz', encrypted],
  ])('is an error where files of its name are read: %s', async (_, stem, name, bytes) => {
    const cwd = folder();
    for (let n = 1; n <= 5; n++) {
      const path =
        stem === ''
          ? `run/step_${n}00${n === 3 ? name : '.npz'}`
          : `run/step_${n}00/${n === 3 ? name : `${stem}.npz`}`;
      writeFile(cwd, path, n === 3 ? bytes : archive);
    }
    const { code, stdout, stderr } = await collapse(['check', 'run', '-q'], { cwd });
    expect(code).toBe(3);
    expect(stdout).toContain('1 input could not be used');
    expect(stderr).toMatch(/^error\[E205\][^\n]*\n {2}--> run\/step_300/);
  });

  it.each([
    ['data.npz', encrypted],
    ['data.pt', PICKLE],
  ])('is an error where its step has nothing else: %s', async (name, bytes) => {
    const cwd = folder({ ...step(100, 1), ...step(200, 1), ...step(300, 1) });
    writeFile(cwd, `step_250/${name}`, bytes);
    const { code, stderr } = await collapse(['check', '.', '-q'], { cwd });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error\[E205\][^\n]*\n {2}--> .*step_250/);
  });

  it('is no step of a run whose arrays have other names', async () => {
    const cwd = folder({ ...step(100, 1), ...step(200, 1) });
    for (const path of ['step_250/optimizer.pt', 'step_200/state.npz', 'step_300.pt'])
      writeFile(cwd, path, PICKLE);
    expect(await collapse(['check', '.', '-q'], { cwd })).toMatchObject({ code: 0, stderr: '' });
  });
});
