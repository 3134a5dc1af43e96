import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Absolute path → what changes when a file is written to. */
export type Snapshot = ReadonlyMap<string, string>;

/**
 * Lists every regular file below a directory with its size, times and inode. What vanishes while it is looked at, or cannot
 * be looked at, is not in it; a directory that is missing has no files. Links to directories are not followed.
 */
export function snapshotOf(directory: string): Snapshot {
  const files = new Map<string, string>();
  const waiting = [directory];
  for (let dir = waiting.pop(); dir !== undefined; dir = waiting.pop()) {
    for (const entry of entriesOf(dir)) {
      const path = join(dir, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else {
        const signature = signatureOf(path);
        if (signature !== null) files.set(path, signature);
      }
    }
  }
  return files;
}

function entriesOf(dir: string) {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch {
    return [];
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
