import type { CollapseError } from '#errors.js';
import type { Directories } from '#io/directories.js';
import { shardInName } from '../names/shard-name.js';
import type { Role } from '../names/step-ref.js';
import { cleanPath, identity, joinPath } from '../names/tree-path.js';
import { type FoundFile, type GivenFile, namedFile, shardInDirectories } from './found-file.js';
import { attempt, isPattern, notAFile, notFound } from './given-paths.js';
import { matchPattern, type PatternMatch } from './pattern.js';
import type { Naming } from './read-names.js';
import { type DiscoveryRequest, wantsTarget } from './request.js';
import { isZarrStoreAt, refuseZarrStore } from './zarr-store.js';

export interface ChosenFile extends GivenFile {
  readonly roles: readonly Role[];
  /** The pattern that it matched last. */
  readonly pattern: string;
}

export interface ChosenFiles {
  /** By identity; a file that both patterns match has both roles. */
  readonly files: ReadonlyMap<string, ChosenFile>;
  readonly errors: readonly CollapseError[];
}

/**
 * Finds the files `--pred` and `--target` stand for. A pattern that matches nothing as given is tried inside each
 * directory given; E201 where that matches nothing either.
 */
export function resolveChosen(
  request: DiscoveryRequest,
  directories: readonly string[],
  tree: Directories,
): ChosenFiles {
  const files = new Map<string, ChosenFile>();
  const errors: CollapseError[] = [];
  const choose = (role: Role, pattern: string | undefined): void => {
    if (pattern === undefined) return;
    for (const { path, kind, step } of matchesOf(pattern, directories, tree, errors)) {
      if (kind !== 'file') continue;
      const known = files.get(identity(path));
      const bound = step ?? known?.bound ?? null;
      const roles = [...(known?.roles ?? []), role];
      files.set(identity(path), { path, origin: 'matched', bound, roles, pattern });
    }
  };
  attempt(errors, () => choose('prediction', request.pred));
  attempt(errors, () => choose('target', wantsTarget(request) ? request.target : undefined));
  return { files, errors };
}

/** Returns a chosen file as its name is read in the light of the others. */
export function namedChosen({ roles, pattern, ...given }: ChosenFile, naming: Naming): FoundFile {
  const file = namedFile(given, naming);
  // A path without a wildcard is a file given by hand.
  const origin = isPattern(pattern) ? 'matched' : 'given';
  return { ...file, origin, whole: namesShard(pattern, file), chosen: roles };
}

/** Is true for a pattern of one shard: `--pred 'pred_rank3_{step}.npy'` asks for that shard alone, `--pred 'pred_rank*_{step}.npy'` for all of them. */
function namesShard(pattern: string, { name, batch }: FoundFile): boolean {
  const parts = cleanPath(pattern).split('/');
  const last = parts.pop() ?? '';
  if (shardInName(last, batch) !== null) return true;
  return shardInName(name, batch) === null && shardInDirectories(parts.join('/'), '') !== null;
}

function matchesOf(
  pattern: string,
  directories: readonly string[],
  tree: Directories,
  errors: CollapseError[],
): readonly PatternMatch[] {
  const path = cleanPath(pattern);
  const kind = pattern === '' ? 'missing' : tree.kind(path);
  if (kind === 'file') return [{ path, kind, step: null }];
  if (kind === 'directory' && isZarrStoreAt(path, tree)) throw refuseZarrStore(path);
  if (kind !== 'missing') throw notAFile(path);
  const found = filesMatching(pattern, tree, errors);
  if (found.length > 0) return found;
  const inside =
    pattern === '' || pattern.startsWith('/')
      ? []
      : directories.flatMap((directory) =>
          filesMatching(joinPath(escaped(directory), pattern), tree, errors),
        );
  if (inside.length === 0) throw notFound(pattern);
  return inside;
}

function filesMatching(pattern: string, tree: Directories, errors: CollapseError[]): readonly PatternMatch[] {
  const { matches, errors: failures } = matchPattern(pattern, tree);
  for (const failure of failures) errors.push(failure);
  return matches.filter(({ kind }) => kind === 'file');
}

function escaped(directory: string): string {
  return directory.replace(/[\\*?[\]{}]/g, '\\$&');
}
