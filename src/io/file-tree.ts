import { lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isMissing, readError } from './system-error.js';

export type EntryKind = 'file' | 'directory' | 'missing' | 'other';

export interface TreeEntry {
  readonly name: string;
  readonly kind: Exclude<EntryKind, 'missing'> | 'unreachable';
}

/** What discovery sees of the file system. Relative paths are taken from the tree's working directory. */
export interface FileTree {
  /** Follows symbolic links; a link that leads nowhere or to itself is 'other'. E202 where the system refuses. */
  kind(path: string): EntryKind;
  /**
   * The entries of one directory, sorted by UTF-16 code units. Links are followed; a link to a directory
   * that is already on the way to `dir` is 'other', so that walking down always ends; one that leads nowhere is
   * 'unreachable', as is a name that is not UTF-8.
   * E201 where `dir` is missing, E202 where it cannot be listed.
   */
  list(dir: string): TreeEntry[];
}

export function nodeFileTree(cwd: string): FileTree {
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
        return readdirSync(full)
          .sort()
          .map((name) => ({ name, kind: entryKind(full, name) }));
      } catch (cause) {
        throw readError(dir, cause, 'list this directory');
      }
    },
  };
}

function kindOf(stat: Stats): Exclude<EntryKind, 'missing'> {
  if (stat.isFile()) return 'file';
  return stat.isDirectory() ? 'directory' : 'other';
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

/** True where `target` is `dir` or one of the directories on the way to it. */
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
