import { CollapseError, InputError } from '#errors.js';
import type { Directories } from '#io/directories.js';
import { cleanPath, identity, showPath } from '../names/tree-path.js';
import { fileKind } from './file-kind.js';
import type { GivenFile } from './found-file.js';
import type { PatternMatch } from './pattern.js';
import { isZarrStoreAt, refuseZarrStore } from './zarr-store.js';

export interface GivenPaths {
  /** In the order given, each once. */
  readonly directories: readonly string[];
  /** Files given or matched by a glob, each once, by identity. */
  readonly files: ReadonlyMap<string, GivenFile>;
  readonly errors: readonly CollapseError[];
}

/** Finds what paths stand for in the tree. A path that exists is itself, whatever its name; E201 where nothing is meant. */
export async function resolvePaths(paths: readonly string[], tree: Directories): Promise<GivenPaths> {
  const directories = new Map<string, string>();
  const files = new Map<string, GivenFile>();
  const errors: CollapseError[] = [];
  const add = ({ path, kind, step }: PatternMatch, origin: 'given' | 'matched'): void => {
    const id = identity(path);
    if (kind === 'other') throw notAFile(path);
    if (kind === 'directory' && isZarrStoreAt(path, tree)) throw refuseZarrStore(path);
    if (kind === 'directory') directories.set(id, directories.get(id) ?? path);
    else if (!files.has(id)) files.set(id, { path, origin, bound: step });
  };
  const patterns = paths.some((path) => /[*?[{\\]/.test(path)) ? await import('./pattern.js') : null;
  for (const given of paths) {
    attempt(errors, () => {
      const path = cleanPath(given);
      const kind = given === '' ? 'missing' : tree.kind(path);
      // A shell writes out `run/*` with whatever else lies there: one path among many is not insisted on.
      const insisted = paths.length === 1 || !['json', 'perhaps', 'unknown'].includes(fileKind(path));
      if (kind !== 'missing') return add({ path, kind, step: null }, insisted ? 'given' : 'matched');
      const matched = patterns?.matchPattern(given, tree) ?? { matches: [], errors: [] };
      for (const error of matched.errors) errors.push(error);
      if (matched.matches.length + matched.errors.length === 0) throw notFound(given);
      for (const match of matched.matches) attempt(errors, () => add(match, 'matched'));
    });
  }
  return { directories: [...directories.values()], files, errors };
}

export function isPattern(path: string): boolean {
  return /[*?[]|\{step\}|\{[^}]*,/.test(path);
}

export function notFound(path: string): InputError {
  const what = isPattern(path) ? 'nothing matches' : 'no such file or directory:';
  return new InputError('E201', `${what} ${showPath(path)}`, { path });
}

export function notAFile(path: string): InputError {
  const hint = 'name a regular file, or a pattern that matches files';
  return new InputError('E202', `${showPath(path)} is not a file`, { path, hint });
}

/** Runs `action`, adding to `errors` what is wrong with the input; anything else is a bug and is thrown on. */
export function attempt(errors: CollapseError[], action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof CollapseError)) throw error;
    errors.push(error);
  }
}
