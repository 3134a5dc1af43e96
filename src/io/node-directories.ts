import { type BigIntStats, lstatSync, readdirSync, type Stats, statfsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Directories, EntryKind, ListedNames, TreeEntry } from './directories.js';
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
        const above = new Above(full);
        return readdirSync(full, { withFileTypes: true })
          .map((entry) => listedEntry(full, entry.name, entry, above))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
      } catch (cause) {
        throw readError(dir, cause, 'list this directory');
      }
    },
    names: (dir) => namesIn(resolve(cwd, dir)),
  };
}

/** In a smaller directory, kinds cost little. */
const LEAST_DIRECTORIES = 500;
/** ext2 to ext4, XFS and tmpfs: on these, each directory counts as a link of the one that it lies in; on others files do too, or none. */
const COUNTING = new Set([0xef53, 0x58465342, 0x01021994]);

function namesIn(full: string): ListedNames | null {
  try {
    const directories = statSync(full).nlink - 2;
    if (directories < LEAST_DIRECTORIES || !COUNTING.has(statfsSync(full).type)) return null;
    const above = new Above(full);
    const entry = (name: string) => lookedAt(full, name, above);
    return { names: readdirSync(full).sort(), directories, entry };
  } catch {
    // Listing it says why.
    return null;
  }
}

function kindOf(stat: Stats | BigIntStats): EntryKind {
  if (stat.isFile()) return 'file';
  return stat.isDirectory() ? 'directory' : 'other';
}

function lookedAt(dir: string, name: string, above: Above): TreeEntry {
  try {
    return listedEntry(dir, name, lstatSync(join(dir, name)), above);
  } catch {
    return { name, kind: 'unreachable' };
  }
}

type Kinds = Pick<Stats, 'isFile' | 'isDirectory'>;

/** Asks the system again where the listing does not say it: of a link, or of a name that is not UTF-8 and cannot be opened. */
function listedEntry(dir: string, name: string, entry: Kinds, above: Above): TreeEntry {
  if (!name.includes('\ufffd')) {
    if (entry.isFile()) return { name, kind: 'file' };
    if (entry.isDirectory()) return { name, kind: 'directory' };
  }
  const full = join(dir, name);
  try {
    const stat = statSync(full, { bigint: true });
    if (!stat.isDirectory() || !isLink(full)) return { name, kind: kindOf(stat) };
    const target = directoryId(stat);
    return above.has(target) ? { name, kind: 'other' } : { name, kind: 'directory', target };
  } catch {
    return { name, kind: 'unreachable' };
  }
}

/** A directory and those on the way to it, looked at where a link is met. */
class Above {
  readonly #directory: string;
  #ids: Set<string> | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  has(id: string): boolean {
    this.#ids ??= this.#look();
    return this.#ids.has(id);
  }

  #look(): Set<string> {
    const ids = new Set<string>();
    for (let at = this.#directory; ; at = dirname(at)) {
      ids.add(directoryId(statSync(at, { bigint: true })));
      if (dirname(at) === at) return ids;
    }
  }
}

function directoryId({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

function isLink(full: string): boolean {
  try {
    return lstatSync(full).isSymbolicLink();
  } catch {
    return false;
  }
}
