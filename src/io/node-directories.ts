import { type Dirent, lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Directories, EntryKind, TreeEntry } from './directories.js';
import { isMissing, readError } from './system-error.js';

/** Makes the directories of the real file system, entries sorted by UTF-16 code units; relative paths are taken from `cwd`. */
export function nodeDirectories(cwd: string): Directories {
  return {
    kind(path) {
      const full = resolve(cwd, path);
      try {
        return kindOf(statSync(full));
      } catch (cause) {
        if (isLink(full)) return 'other';
        if (isMissing(cause)) return 'missing';
        throw readError(path, cause, 'look at this');
      }
    },
    list(dir) {
      const full = resolve(cwd, dir);
      try {
        return readdirSync(full, { withFileTypes: true })
          .map((entry) => ({ name: entry.name, kind: listedKind(full, entry) }))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
      } catch (cause) {
        throw readError(dir, cause, 'list this directory');
      }
    },
  };
}

function kindOf(stat: Stats): EntryKind {
  if (stat.isFile()) return 'file';
  return stat.isDirectory() ? 'directory' : 'other';
}

/** Asks the system again where the listing does not say it: of a link, or of a name that is not UTF-8 and cannot be opened. */
function listedKind(dir: string, entry: Dirent): TreeEntry['kind'] {
  if (!entry.name.includes('\ufffd')) {
    if (entry.isFile()) return 'file';
    if (entry.isDirectory()) return 'directory';
  }
  return entryKind(dir, entry.name);
}

function entryKind(dir: string, name: string): TreeEntry['kind'] {
  const full = join(dir, name);
  try {
    const stat = statSync(full);
    if (stat.isDirectory() && isLink(full) && leadsBack(stat, dir)) return 'other';
    return kindOf(stat);
  } catch {
    return 'unreachable';
  }
}

/** Tests whether `target` is `dir` or one of the directories on the way to it. */
function leadsBack(target: Stats, dir: string): boolean {
  for (let at = dir; ; at = dirname(at)) {
    const stat = statSync(at);
    if (stat.dev === target.dev && stat.ino === target.ino) return true;
    if (dirname(at) === at) return false;
  }
}

function isLink(full: string): boolean {
  try {
    return lstatSync(full).isSymbolicLink();
  } catch {
    return false;
  }
}
