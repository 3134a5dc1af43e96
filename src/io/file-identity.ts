import { fstatSync, statSync } from 'node:fs';
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
  const name = `${at?.dev}:${at?.ino}/${rest.normalize('NFC').toLowerCase()}`;
  return stat === undefined ? [name] : [`${stat.dev}:${stat.ino}`, name];
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

function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false, bigint: true });
  } catch {
    return undefined;
  }
}
