import { statSync } from 'node:fs';
import { join } from 'node:path';
import { CollapseError } from '#errors.js';
import type { TreeEntry } from './directories.js';
import { LinkedWays } from './linked-ways.js';
import { nodeDirectories } from './node-directories.js';

/** Absolute path → what changes when a file is written to. */
export type Snapshot = ReadonlyMap<string, string>;

/** In place of that, of a pipe or a device: opening one might end its writer. */
export const NO_FILE = 'no file';

/**
 * Lists every file below a directory, links followed, with its size, times and inode. What vanishes while it is
 * looked at, or cannot be looked at, is not in it; a directory that is missing has no files.
 */
export function snapshotOf(directory: string): Snapshot {
  const files = new Map<string, string>();
  const ways = new LinkedWays();
  const waiting = [directory];
  for (let dir = waiting.pop(); dir !== undefined; dir = waiting.pop()) {
    const entries = entriesOf(dir);
    ways.count(dir, entries);
    for (const entry of entries) {
      const path = join(dir, entry.name);
      if (entry.kind === 'directory') {
        if (ways.leadsOn(dir, path, entry)) waiting.push(path);
      } else if (entry.kind === 'other') files.set(path, NO_FILE);
      else if (entry.kind === 'file') {
        const signature = signatureOf(path);
        if (signature !== null) files.set(path, signature);
      }
    }
  }
  return files;
}

function entriesOf(dir: string): readonly TreeEntry[] {
  try {
    return nodeDirectories(dir).list('.');
  } catch (error) {
    if (error instanceof CollapseError) return [];
    throw error;
  }
}

function signatureOf(path: string): string | null {
  try {
    const stat = statSync(path, { bigint: true });
    return stat.isFile() ? `${stat.size} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.ino}` : null;
  } catch {
    return null;
  }
}

/** Returns when a file was last written to, in milliseconds since 1970. */
export function modifiedAt(signature: string): number {
  return Number(signature.split(' ')[1]) / 1e6;
}
