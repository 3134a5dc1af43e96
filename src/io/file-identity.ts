import { fstatSync, lstatSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { realPath } from './real-path.js';

/**
 * Returns what names one file however it is spelled: two paths are the same file where they have one of these in common.
 * The first is of its inode, which hard links share, where it is there; the second of its name in its folder, without regard
 * to case, because some systems have none. Nothing for a device or a pipe, which takes any number of writers.
 */
export function fileIdentity(path: string): readonly string[] {
  const real = realPath(path);
  const stat = statOf(real);
  if (stat !== undefined && !stat.isFile() && !stat.isDirectory()) return [];
  let folder = dirname(real);
  let rest = basename(real);
  while (statOf(folder) === undefined && dirname(folder) !== folder) {
    rest = join(basename(folder), rest);
    folder = dirname(folder);
  }
  const at = statOf(folder);
  const name = `${at?.dev}:${at?.ino}/${folded(rest)}`;
  return stat === undefined ? [name] : [`${stat.dev}:${stat.ino}`, name];
}

/**
 * Returns of `fileIdentity` what it may share with one of `others`, for one look at the file in place of one at each folder
 * above it: the name of a file that is called unlike all of them is left out.
 *
 * @param names Of the others, by `lastNames`.
 */
export function identityBeside(path: string, names: ReadonlySet<string>): readonly string[] {
  const stat = statOf(path, lstatSync);
  if (stat === undefined || stat.isSymbolicLink() || names.has(folded(basename(path))))
    return fileIdentity(path);
  return stat.isFile() || stat.isDirectory() ? [`${stat.dev}:${stat.ino}`] : [];
}

/** Returns what files with these identities are called, without their folders. */
export function lastNames(identities: readonly (readonly string[])[]): Set<string> {
  return new Set(identities.flat().map((name) => basename(name)));
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** Returns the same of a file that is open, which has no name; nothing for a pipe, a terminal or a closed descriptor. */
export function identityOfDescriptor(fd: number): readonly string[] {
  try {
    const stat = fstatSync(fd, { bigint: true });
    return stat.isFile() ? [`${stat.dev}:${stat.ino}`] : [];
  } catch {
    return [];
  }
}

function statOf(path: string, look: typeof lstatSync = statSync) {
  try {
    return look(path, { throwIfNoEntry: false, bigint: true });
  } catch {
    return undefined;
  }
}
