import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { OutputError } from '#errors.js';
import { removeTemporaries, writeFileAtomic } from '#io/atomic-write.js';
import { ownIdentity } from '#io/process-identity.js';
import { folder } from '../support/run-folder.js';
import { thrownBy } from '../support/thrown.js';

let root: string;
beforeEach(() => {
  root = folder();
});
const read = (name: string): string => readFileSync(join(root, name), 'utf8');

it('writes text and bytes, and leaves nothing else behind', () => {
  writeFileAtomic(join(root, 'a.json'), '{"é": 1}');
  writeFileAtomic(join(root, 'b.bin'), Uint8Array.of(104, 105));
  expect([read('a.json'), read('b.bin')]).toEqual(['{"é": 1}', 'hi']);
  expect(readdirSync(root).sort()).toEqual(['a.json', 'b.bin']);
});

it('replaces a file and keeps its mode; a reader of the old one keeps the old one', () => {
  const path = join(root, 'state.json');
  writeFileSync(path, 'old');
  chmodSync(path, 0o640);
  const { ino } = statSync(path);
  writeFileAtomic(path, 'new');
  expect(read('state.json')).toBe('new');
  expect(statSync(path).mode & 0o777).toBe(0o640);
  expect(statSync(path).ino).not.toBe(ino);
});

it('follows a symbolic link, which stays one', () => {
  mkdirSync(join(root, 'real'));
  writeFileSync(join(root, 'real/x'), 'old');
  symlinkSync('real/x', join(root, 'link'));
  writeFileAtomic(join(root, 'link'), 'new');
  expect(lstatSync(join(root, 'link')).isSymbolicLink()).toBe(true);
  expect(read('real/x')).toBe('new');
});

it.skipIf(process.platform === 'win32')('writes straight to what is no regular file', () => {
  writeFileAtomic('/dev/null', 'text');
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  const fifo = join(root, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const script = `cat '${fifo}' > '${root}/got' & echo $!`;
  execFileSync('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  writeFileAtomic(fifo, 'through');
  expect(lstatSync(fifo).isFIFO()).toBe(true);
});

it.skipIf(process.platform === 'win32')('does not wait for ever where nobody reads a FIFO', () => {
  execFileSync('mkfifo', [join(root, 'fifo')]);
  const error = thrownBy(() => writeFileAtomic(join(root, 'fifo'), 'x'));
  expect(error).toMatchObject({ code: 'E401', message: 'cannot write: no process reads the pipe (ENXIO)' });
});

it.each([
  ['a folder that is missing', () => join(root, 'none/x'), 'ENOENT'],
  ['a directory', () => root, 'EISDIR'],
  ['below a file', () => '/dev/null/x', 'ENOTDIR'],
])('%s is E401 with its cause', (_, name, code) => {
  const path = name();
  const error = thrownBy(() => writeFileAtomic(path, 'x'));
  expect(error).toBeInstanceOf(OutputError);
  expect(error).toMatchObject({ code: 'E401', path, cause: { code } });
  expect(existsSync(join(root, 'none'))).toBe(false);
  expect(readdirSync(root)).toEqual([]);
});

it('makes the folders that are asked for, and no others', () => {
  writeFileAtomic(join(root, 'a/b/c/x'), 'x', { makesFolder: true });
  expect(read('a/b/c/x')).toBe('x');
  writeFileSync(join(root, 'file'), '');
  symlinkSync('nowhere', join(root, 'link'));
  for (const name of ['file/a/b/c/x', 'link/a/x', `${'n'.repeat(300)}/x`]) {
    expect(() => writeFileAtomic(join(root, name), 'x', { makesFolder: true })).toThrow(OutputError);
  }
  expect(() => writeFileAtomic('/proc/none/a/x', 'x', { makesFolder: true })).toThrow(OutputError);
  expect(readdirSync(root).sort()).toEqual(['a', 'file', 'link']);
});

it('writes where a link to nothing yet leads', () => {
  symlinkSync('real', join(root, 'link'));
  writeFileAtomic(join(root, 'link'), 'x');
  expect(read('real')).toBe('x');
  expect(lstatSync(join(root, 'link')).isSymbolicLink()).toBe(true);
});

it('takes names of any length that the system takes', () => {
  const name = '名'.repeat(80);
  writeFileAtomic(join(root, name), 'x');
  expect(readdirSync(root)).toEqual([name]);
});

it('what killed writers left behind is removed, and nothing of those that run or of others', () => {
  const { place, pid, start } = ownIdentity();
  const id = '12345678-1234-1234-1234-123456789abc';
  const kept = [
    'r.json',
    `.r.json.${place}~${pid}~${start}~${id}.tmp`,
    `.r.json.${'0'.repeat(12)}~1~1~${id}.tmp`,
    '.r.json.mine.tmp',
    `.q.json.${place}~${pid}~1~${id}.tmp`,
  ];
  const left = [
    `.r.json.${place}~${pid}~1~${id}.tmp`,
    `.r.json.${place}~4194999~77~${id}.tmp`,
    `.r.json.${'1'.repeat(12)}~1~1~${id}.tmp`,
  ];
  for (const name of [...kept, ...left]) writeFileSync(join(root, name), '');
  utimesSync(join(root, left[2] ?? ''), new Date(0), new Date(0));
  removeTemporaries(join(root, 'r.json'));
  expect(readdirSync(root).sort()).toEqual(kept.sort());
});

it('when the write fails halfway the old file stays and the temporary one goes', () => {
  const path = join(root, 'x');
  writeFileSync(path, 'old');
  expect(() => writeFileAtomic(path, { length: 3 } as unknown as Uint8Array)).toThrow(OutputError);
  expect(read('x')).toBe('old');
  expect(readdirSync(root)).toEqual(['x']);
});
