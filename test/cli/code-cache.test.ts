import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIXTURES } from '../formats/fixture-folder.js';
import { executable, startExecutable } from '../support/collapse.js';
import { writeMatrix } from '../support/run-folder.js';

const STEP = join(FIXTURES, 'golden/equal');
const newFolder = () => mkdtempSync(join(tmpdir(), 'collapse-code-'));
const check = (directory: string, env: Record<string, string> = {}) =>
  executable(['check', STEP, '--json'], { env: { COLLAPSE_CODE_CACHE: directory, ...env } });
const without = await check('0');
const filesIn = (directory: string) => readdirSync(directory).map((name) => join(directory, name));

describe.skipIf(process.getuid === undefined)('the cache of compiled code', () => {
  it('is filled by the first check and used by the next', async () => {
    const directory = join(newFolder(), 'made', 'anew');
    expect(await check(directory)).toEqual(without);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    const written = filesIn(directory).map((file) => [
      file,
      statSync(file).mtimeMs,
      statSync(file).mode & 0o777,
    ]);
    expect(written.length).toBeGreaterThan(4);
    for (const [, , mode] of written) expect(mode).toBe(0o600);
    expect(await check(directory)).toEqual(without);
    // Code that was refused would have been written anew.
    expect(filesIn(directory).map((file) => [file, statSync(file).mtimeMs, 0o600])).toEqual(written);
  });

  // V8 refuses code of other flags, and the optimising compiler is asked for by flags.
  it('is used by checks whose kernels are optimised, too', async () => {
    const [directory, folder] = [newFolder(), newFolder()];
    for (const role of ['prediction', 'target']) writeMatrix(folder, `${role}.npy`, [300, 1024]);
    const checked = () =>
      executable(['check', folder, '--json'], { env: { COLLAPSE_CODE_CACHE: directory } });
    const first = await checked();
    const written = filesIn(directory).map((file) => [file, statSync(file).mtimeMs]);
    expect(written.length).toBeGreaterThan(4);
    expect(await checked()).toEqual(first);
    expect(filesIn(directory).map((file) => [file, statSync(file).mtimeMs])).toEqual(written);
  });

  it('twenty at once begin with nothing, and all are right', async () => {
    const directory = newFolder();
    const all = await Promise.all(Array.from({ length: 20 }, () => check(directory)));
    for (const one of all) expect(one).toEqual(without);
    expect(readdirSync(directory).filter((name) => !name.endsWith('.bin'))).toEqual([]);
    expect(await check(directory)).toEqual(without);
  });

  it('removes what older versions left, and nothing else, however old', async () => {
    const directory = newFolder();
    const [old, own] = ['v20.1.0-x64-1-check-cli.cjs.bin', 'thesis.bin'].map((name) => join(directory, name));
    for (const file of [old!, own!]) {
      writeFileSync(file, '');
      utimesSync(file, 1, 1);
    }
    await check(directory);
    expect([old, own].map((file) => existsSync(file!))).toEqual([false, true]);
  });

  it('damage is seen: any bit, or an end that is missing', async () => {
    const directory = newFolder();
    await check(directory);
    const whole = filesIn(directory).map((file) => [file, readFileSync(file)] as const);
    for (const share of [0, 0.1, 0.35, 0.5, 0.65, 0.8, 0.999]) {
      for (const [file, bytes] of whole) {
        const damaged = Buffer.from(bytes);
        const at = Math.floor(share * bytes.length);
        damaged[at] = bytes[at]! ^ (1 << (at % 8));
        writeFileSync(file, damaged);
      }
      expect(await check(directory)).toEqual(without);
      // And repaired.
      for (const [file, { length }] of whole)
        expect(Math.abs(statSync(file).size / length - 1)).toBeLessThan(0.5);
    }
    for (const length of [0, 5, 5000]) {
      for (const [file, bytes] of whole) writeFileSync(file, bytes.subarray(0, length));
      expect(await check(directory)).toEqual(without);
    }
  });

  it('code of another text is not run', async () => {
    const directory = newFolder();
    await check(directory);
    const [one, other] = filesIn(directory);
    writeFileSync(one!, readFileSync(other!));
    expect(await check(directory)).toEqual(without);
  });

  it.each([
    ['others may write to', (directory: string) => chmodSync(directory, 0o777)],
    ['others may read', (directory: string) => chmodSync(directory, 0o755)],
  ])('is not kept in a directory that %s', async (_, change) => {
    const directory = newFolder();
    change(directory);
    expect(await check(directory)).toEqual(without);
    expect(readdirSync(directory)).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)('is not kept in a directory of another owner', async () => {
    const directory = newFolder();
    chownSync(directory, 12345, 12345);
    expect(await check(directory)).toEqual(without);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is not kept behind a link, in a file, or where nothing can be made', async () => {
    const root = newFolder();
    mkdirSync(join(root, 'real'), { mode: 0o700 });
    symlinkSync(join(root, 'real'), join(root, 'link'));
    writeFileSync(join(root, 'file'), '');
    expect(await check(join(root, 'link'))).toEqual(without);
    expect(readdirSync(join(root, 'real'))).toEqual([]);
    for (const place of ['file', 'file/below']) expect(await check(join(root, place))).toEqual(without);
  });

  it.each([
    '/proc',
    '/proc/self',
    '/dev/null',
    '/dev/null/below',
    'file',
    'dangling',
    'loop',
    'x'.repeat(5000),
  ])('is not kept in a home in which nothing can be made: %s', async (home) => {
    const root = newFolder();
    writeFileSync(join(root, 'file'), '');
    symlinkSync(join(root, 'nowhere'), join(root, 'dangling'));
    symlinkSync('loop', join(root, 'loop'));
    const place = join(home.startsWith('/') ? '/' : root, home);
    const env = { HOME: place, XDG_CACHE_HOME: '', COLLAPSE_CODE_CACHE: '' };
    const { ended, child } = startExecutable(['check', STEP, '--json'], { env });
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    expect(await ended).toEqual(without);
    clearTimeout(timer);
  });

  it('does no harm where its directory is removed meanwhile', async () => {
    const directory = newFolder();
    const remove = `process.on('exit', () => {}); const fs = require('node:fs'); const real = fs.writeFileSync;
      fs.writeFileSync = (...all) => { real(...all); fs.rmSync(${JSON.stringify(directory)}, { recursive: true, force: true }); };`;
    const preload = join(newFolder(), 'remove.cjs');
    writeFileSync(preload, remove);
    const env = { COLLAPSE_CODE_CACHE: directory };
    expect(await executable(['check', STEP, '--json'], { env, node: ['--require', preload] })).toEqual(
      without,
    );
    expect(existsSync(directory)).toBe(false);
  });

  it('does not run a file that others may write', async () => {
    const directory = newFolder();
    await check(directory);
    for (const file of filesIn(directory)) chmodSync(file, 0o666);
    expect(await check(directory)).toEqual(without);
    for (const file of filesIn(directory)) expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('lies in the cache of the user unless told, and nowhere without one', async () => {
    const home = newFolder();
    expect(await check('', { HOME: home, XDG_CACHE_HOME: '' })).toEqual(without);
    expect(readdirSync(join(home, '.cache/embedding-collapse/code')).length).toBeGreaterThan(4);
    expect(await check('', { HOME: '', XDG_CACHE_HOME: '' })).toEqual(without);
    expect(await check('', { HOME: home, XDG_CACHE_HOME: '', NODE_DISABLE_COMPILE_CACHE: '1' })).toEqual(
      without,
    );
  });
});
