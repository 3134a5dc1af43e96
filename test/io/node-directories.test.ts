import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { Directories } from '#io/directories.js';
import { nodeDirectories } from '#io/node-directories.js';
import { sharedFolder } from '../support/run-folder.js';

const root = sharedFolder();
let tree: Directories;
beforeAll(() => {
  mkdirSync(join(root, 'run/step_10'), { recursive: true });
  mkdirSync(join(root, 'store/inner'), { recursive: true });
  for (const name of ['run/b.npy', 'run/a.npy', 'run/B.npy', 'store/x.npy'])
    writeFileSync(join(root, name), '');
  symlinkSync('b.npy', join(root, 'run/link.npy'));
  symlinkSync('../store', join(root, 'run/linked'));
  symlinkSync('nowhere', join(root, 'run/broken'));
  symlinkSync('self', join(root, 'run/self'));
  symlinkSync('.', join(root, 'run/step_10/same'));
  symlinkSync('../..', join(root, 'run/step_10/above'));
  symlinkSync('../../run', join(root, 'store/inner/back'));
  mkdirSync(join(root, 'links'));
  symlinkSync('../run/linked', join(root, 'links/a'));
  symlinkSync('../run/step_10', join(root, 'links/b'));
  tree = nodeDirectories(root);
});

it('lists a directory, sorted, links followed, broken ones as unreachable', () => {
  expect(tree.list('run')).toEqual([
    { name: 'B.npy', kind: 'file' },
    { name: 'a.npy', kind: 'file' },
    { name: 'b.npy', kind: 'file' },
    { name: 'broken', kind: 'unreachable' },
    { name: 'link.npy', kind: 'file' },
    { name: 'linked', kind: 'directory', target: expect.any(String) },
    { name: 'self', kind: 'unreachable' },
    { name: 'step_10', kind: 'directory' },
  ]);
});

it('one directory has one name as what links lead to', () => {
  const target = (dir: string, of: string) => tree.list(dir).find(({ name }) => name === of)?.target;
  expect(target('links', 'a')).toBe(target('run', 'linked'));
  expect(target('links', 'b')).not.toBe(target('links', 'a'));
});

it('walking down always ends, whatever the links', () => {
  const seen: string[] = [];
  const walk = (dir: string): void => {
    for (const { name, kind } of tree.list(dir)) {
      seen.push(`${dir}/${name}`);
      if (kind === 'directory') walk(`${dir}/${name}`);
    }
  };
  walk('run');
  expect(seen).toContain('run/step_10/same');
  expect(seen).toContain('run/linked/x.npy');
  expect(seen.length).toBeLessThan(30);
});

it('names the kind of a path, relative or absolute', () => {
  const kinds = ['run', 'run/a.npy', 'run/linked', 'none', 'run/a.npy/x', 'run/broken', 'run/self'].map(
    (path) => tree.kind(path),
  );
  expect(kinds).toEqual(['directory', 'file', 'directory', 'missing', 'missing', 'other', 'other']);
  expect(tree.kind(join(root, 'run/a.npy'))).toBe('file');
  expect(tree.kind('/dev/null')).toBe('other');
  expect(tree.kind('.')).toBe('directory');
});

it('a directory that cannot be listed is an error with its path', () => {
  expect(() => tree.list('none')).toThrow(expect.objectContaining({ code: 'E201', path: 'none' }));
  expect(() => tree.list(`run/${'x'.repeat(5000)}`)).toThrow(expect.objectContaining({ code: 'E202' }));
  expect(() => tree.kind('x'.repeat(5000))).toThrow(expect.objectContaining({ code: 'E202' }));
});
