import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** As many links in a row as systems follow. */
const MOST_LINKS = 40;

/** Returns the path without symbolic links, as far as it exists: one name for one file, also for one that a link will lead to. */
export function realPath(path: string): string {
  return followed(path, MOST_LINKS);
}

function followed(path: string, links: number): string {
  try {
    return realpathSync(path);
  } catch {
    const folder = dirname(path);
    if (folder === path) return path;
    const target = links > 0 ? linkTarget(path) : null;
    if (target !== null) return followed(resolve(folder, target), links - 1);
    return join(followed(folder, links), basename(path));
  }
}

function linkTarget(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
