import { CollapseError, InputError } from '#errors.js';
import type { Directories, TreeEntry } from '#io/directories.js';
import { rolesInName } from '../names/role-name.js';
import { type Shard, shardInName } from '../names/shard-name.js';
import { stepInName } from '../names/step-name.js';
import { baseName, identity, joinPath } from '../names/tree-path.js';
import { fileKind, passedOver } from './file-kind.js';
import type { FoundFile, IgnoredFile } from './found-file.js';
import { MAX_DEPTH } from './pattern.js';
import { ignoredZarrStore, isZarrStore } from './zarr-store.js';

/** A directory with what lies below it. */
export interface DirectoryNode {
  readonly path: string;
  /** The step its own name gives; null for a name without one. */
  readonly ownStep: number | null;
  readonly files: readonly FoundFile[];
  readonly children: readonly DirectoryNode[];
}

export interface Scan {
  readonly root: DirectoryNode;
  /** Every file of the tree below `root`. */
  readonly files: readonly FoundFile[];
  readonly ignored: readonly IgnoredFile[];
  readonly errors: readonly CollapseError[];
}

/**
 * Lists everything below a directory, without opening a file. Steps are read from the directory's own last
 * component and below, not from its ancestors. `elsewhere` has, by identity, the files that `--pred` and
 * `--target` named: they have their role already.
 */
export function scanDirectory(directory: string, tree: Directories, elsewhere: ReadonlySet<string>): Scan {
  const all: FoundFile[] = [];
  const ignored: IgnoredFile[] = [];
  const errors: CollapseError[] = [];

  function visit(path: string, name: string, outer: Place, depth: number): DirectoryNode {
    const files: FoundFile[] = [];
    const children: DirectoryNode[] = [];
    let ownStep: number | null = null;
    let ownShard: Shard | null = null;
    let entries: readonly TreeEntry[] = [];
    try {
      ownStep = stepInName(name);
      ownShard = shardInName(name);
      entries = tree.list(path);
    } catch (error) {
      if (!(error instanceof CollapseError)) throw error;
      errors.push(error instanceof InputError ? error.at(path) : error);
    }
    if (isZarrStore(name, entries)) {
      ignored.push(ignoredZarrStore(path));
      return { path, ownStep, files, children };
    }
    const within = insideOf(ownStep, ownShard, outer);
    for (const entry of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const below = joinPath(path, entry.name);
      if (elsewhere.size > 0 && elsewhere.has(identity(below))) continue;
      const reason = passedOver(entry.name) ?? notLookedInto(entry, within, depth);
      const lost = reason === UNREACHABLE ? whyMissed(entry.name, below) : null;
      if (lost !== null) errors.push(lost);
      else if (reason !== null) ignored.push({ path: below, reason });
      else if (entry.kind === 'directory') children.push(visit(below, entry.name, within, depth + 1));
      else
        files.push({
          path: below,
          name: entry.name,
          ...within,
          origin: 'listed',
          bound: null,
          whole: false,
          chosen: [],
        });
    }
    for (const file of files) all.push(file);
    return { path, ownStep, files, children };
  }

  const root = visit(directory, baseName(identity(directory)), { within: null, shardWithin: null }, 0);
  return { root, files: all, ignored, errors };
}

type Place = Pick<FoundFile, 'within' | 'shardWithin'>;

/** Returns what files take from their directories. A shard counts from the directory of the step on: above, it is a run's. */
function insideOf(ownStep: number | null, ownShard: Shard | null, outer: Place): Place {
  if (ownStep !== null) return { within: ownStep, shardWithin: ownShard };
  if (outer.within === null) return outer;
  return { within: outer.within, shardWithin: ownShard ?? outer.shardWithin };
}

const UNREACHABLE = 'a link that leads nowhere';

function notLookedInto(entry: TreeEntry, { within }: Place, depth: number): string | null {
  // Where it matters, opening it will say why it cannot be read.
  if (entry.kind === 'unreachable') return mayHoldArrays(entry.name, within) ? null : UNREACHABLE;
  if (entry.kind === 'other') return 'neither a file nor a directory';
  if (entry.kind === 'directory' && depth >= MAX_DEPTH) return `more than ${MAX_DEPTH} directories deep`;
  return null;
}

function mayHoldArrays(name: string, within: number | null): boolean {
  const kind = fileKind(name);
  if (kind === 'unknown' || kind === 'unreadable') return false;
  return within !== null || namesStep(name) || rolesInName(name).length > 0;
}

/** Returns E202 where a step may be behind it; null where it may be left out. */
function whyMissed(name: string, path: string): InputError | null {
  if (name.includes('\ufffd')) {
    const hint = 'rename it: only names in UTF-8 can be opened';
    return new InputError('E202', 'cannot read: its name is not UTF-8', { path, hint });
  }
  if (!namesStep(name)) return null;
  const hint = 'mount what it leads to, or remove the link';
  return new InputError('E202', 'cannot read: the link leads nowhere', { path, hint });
}

function namesStep(name: string): boolean {
  try {
    return stepInName(name) !== null;
  } catch {
    return true;
  }
}
