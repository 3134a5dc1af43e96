import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '#errors.js';
import { memorySource } from '#io/memory-source.js';
import { openNodeFile } from '#io/node-file.js';
import { folder } from '../support/run-folder.js';
import { thrownBy } from '../support/thrown.js';

let root: string;
let path: string;
const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 31) % 256);
beforeEach(() => {
  root = folder();
  path = join(root, 'data.bin');
  writeFileSync(path, bytes);
});

describe.each([
  ['a file', () => openNodeFile(path)],
  ['a file read in windows of 7 bytes', () => openNodeFile(path, { maxReadBytes: 7 })],
  ['memory', () => memorySource(path, bytes)],
])('%s', (_, open) => {
  it('gives whole ranges as fresh copies', () => {
    const source = open();
    expect(source.byteLength).toBe(1000);
    expect(source.slice(0, 1000)).toEqual(bytes);
    const part = source.slice(13, 57);
    expect(part).toEqual(bytes.slice(13, 57));
    part.fill(0);
    expect(source.slice(13, 57)).toEqual(bytes.slice(13, 57));
    expect(source.slice(5, 5)).toEqual(new Uint8Array(0));
    const target = new Uint8Array(20);
    source.readInto(target.subarray(3, 17), 100);
    expect(target).toEqual(Uint8Array.from([0, 0, 0, ...bytes.slice(100, 114), 0, 0, 0]));
    source.verifyUnchanged();
    source.close();
    source.close();
  });

  it.each([
    [-1, 5],
    [990, 1001],
    [6, 5],
    [0, 2 ** 50],
    [Number.NaN, 5],
  ])('refuses bytes %d to %d', (start, end) => {
    const source = open();
    expect(thrownBy(() => source.slice(start, end))).toMatchObject({ code: 'E203', path });
    source.close();
  });
});

describe('a file that cannot be opened', () => {
  it.each([
    ['missing', () => join(root, 'none'), 'E201'],
    ['below a file', () => join(path, 'x'), 'E201'],
    ['a directory', () => root, 'E201'],
    ['an impossible name', () => 'a\0b', 'E201'],
    ['too long a name', () => join(root, 'x'.repeat(5000)), 'E202'],
  ])('%s', (_, name, code) => {
    const error = thrownBy(() => openNodeFile(name()));
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ code, path: name() });
  });

  it.skipIf(process.platform === 'win32')('a FIFO, without waiting for its writer', () => {
    const fifo = join(root, 'fifo');
    execFileSync('mkfifo', [fifo]);
    expect(thrownBy(() => openNodeFile(fifo))).toMatchObject({ code: 'E202', path: fifo });
  });

  it('one that the system refuses keeps its cause', () => {
    // A link to itself is refused to everybody; a missing permission is not refused to root.
    const loop = join(root, 'loop.npy');
    symlinkSync(loop, loop);
    expect(thrownBy(() => openNodeFile(loop))).toMatchObject({ code: 'E202', cause: { code: 'ELOOP' } });
  });

  it('a closed file is an error with its cause', () => {
    const source = openNodeFile(path);
    source.close();
    mkdirSync(join(root, 'later'));
    expect(thrownBy(() => source.verifyUnchanged())).toMatchObject({
      code: 'E202',
      cause: { code: 'EBADF' },
    });
  });
});

describe('a path relative to another directory', () => {
  it('is opened there and named as it was given', () => {
    expect(openNodeFile('data.bin', { cwd: root })).toMatchObject({ path: 'data.bin', byteLength: 1000 });
    expect(thrownBy(() => openNodeFile('none.bin', { cwd: root }))).toMatchObject({
      code: 'E201',
      path: 'none.bin',
    });
  });
});

describe('a file that changes while it is open', () => {
  it('shrinking is refused by the read itself', () => {
    const source = openNodeFile(path, { maxReadBytes: 64 });
    truncateSync(path, 500);
    expect(source.slice(0, 500)).toEqual(bytes.slice(0, 500));
    const error = thrownBy(() => source.slice(400, 600));
    expect(error).toMatchObject({ code: 'E223', path, fields: { before: '1000', after: '500' } });
    expect(thrownBy(() => source.verifyUnchanged())).toMatchObject({ code: 'E223' });
    source.close();
  });

  it('growing is refused', () => {
    const source = openNodeFile(path);
    appendFileSync(path, 'more');
    expect(thrownBy(() => source.verifyUnchanged())).toMatchObject({
      code: 'E223',
      message: 'the file had 1000 bytes when opened and now ends at 1004',
    });
    source.close();
  });

  it('being written to at the same size is refused', () => {
    const source = openNodeFile(path);
    source.verifyUnchanged();
    utimesSync(path, 1, 1);
    expect(thrownBy(() => source.verifyUnchanged())).toMatchObject({ code: 'E223' });
    source.close();
  });
});
