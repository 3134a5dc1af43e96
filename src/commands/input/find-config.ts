import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { nodeDirectories } from '#io/node-directories.js';
import { realPath } from '#io/real-path.js';
import type { CommandContext } from './context.js';
import { parseJson } from './parse-json.js';
import { shownPath } from './shown-path.js';
import { whyNotTaken } from './why-not-taken.js';

export interface FoundConfig {
  /** Absolute; null where there is none. */
  readonly file: string | null;
  /** The repository or home that the search ended at, without links; null where it went up to the root. */
  readonly boundary: string | null;
  /** Files that are there and not taken. */
  readonly warnings: readonly string[];
}

/**
 * Finds the configuration nearest to `cwd`: `collapse.config.json`, else a `package.json` that has a `collapse` key, in it
 * or in a directory above it, up to the one with `.git` in it or the user's home. What belongs to another user, lies
 * elsewhere by a link, or is no regular file is passed by.
 */
export function findConfig(cwd: string, env: CommandContext['env']): FoundConfig {
  const { folders, boundary } = searched(cwd, env);
  const directories = nodeDirectories(cwd);
  const warnings: string[] = [];
  for (const folder of folders) {
    for (const name of ['collapse.config.json', 'package.json']) {
      const file = join(folder, name);
      if (directories.kind(file) === 'missing') continue;
      const isOwn = name === 'collapse.config.json';
      const why = whyNotTaken(file, directories.kind(file), boundary);
      // A manifest may have nothing to say.
      if (why !== null) {
        if (isOwn) warnings.push(`${shownPath(cwd, file)} is not taken, because ${why}: name it by --config`);
      } else if (isOwn || hasSettings(file, cwd)) return { file, boundary, warnings };
    }
  }
  return { file: null, boundary, warnings };
}

function searched(
  cwd: string,
  env: CommandContext['env'],
): { readonly folders: readonly string[]; readonly boundary: string | null } {
  const directories = nodeDirectories(cwd);
  const home = homeOf(env);
  const folders: string[] = [];
  for (let folder = cwd; ; folder = dirname(folder)) {
    folders.push(folder);
    if (directories.kind(join(folder, '.git')) !== 'missing' || realPath(folder) === home) {
      return { folders, boundary: realPath(folder) };
    }
    if (dirname(folder) === folder) return { folders, boundary: null };
  }
}

/** A user without an entry in the system's list may have none. */
function homeOf(env: CommandContext['env']): string | null {
  try {
    return realPath(env.HOME || homedir());
  } catch {
    return null;
  }
}

function hasSettings(path: string, cwd: string): boolean {
  const manifest = parseJson(path, shownPath(cwd, path), { takesPipe: false });
  return typeof manifest === 'object' && manifest !== null && 'collapse' in manifest;
}
