import { CollapseError, InputError } from '#errors.js';
import type { Directories, ListedNames, TreeEntry } from '#io/directories.js';
import { type LinkedWays, throughLinks } from '#io/linked-ways.js';
import { rolesInName } from '../names/role-name.js';
import { type Shard, shardInName } from '../names/shard-name.js';
import { stepInName } from '../names/step-name.js';
import { baseName, identity, joinPath } from '../names/tree-path.js';
import { fileKind, passedOver, stemOf } from './file-kind.js';
import { type FoundFile, type IgnoredFile, listedFile, type Place } from './found-file.js';
import { MetEntries } from './met-entries.js';
import type { Naming } from './read-names.js';
import { ignoredZarrStore, isZarrStore } from './zarr-store.js';

/** Deeper than any run, and an end to a link that leads back to its own parent. */
export const MAX_DEPTH = 32;

/** A directory with what lies below it. */
export interface DirectoryNode {
  readonly path: string;
  /** The step its own name gives; null for a name without one. */
  readonly ownStep: number | null;
  /** True where it holds the arrays of one role, such as `target/` beside `prediction/`. */
  readonly isPart: boolean;
  readonly files: readonly FoundFile[];
  readonly children: readonly DirectoryNode[];
}

/** A directory as it was listed, before anything is read from its names. */
export interface ListedDirectory {
  readonly path: string;
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly name: string }[];
  readonly children: readonly ListedDirectory[];
}

/** What lists of entries are shortened by. */
export interface Shortened {
  among(directory: string, entries: readonly TreeEntry[]): readonly TreeEntry[];
  /** The same by names, sorted; null where they do not suffice. */
  amongNames?(directory: string, listed: ListedNames): readonly TreeEntry[] | null;
}

export interface Scan {
  readonly root: ListedDirectory;
  readonly ignored: readonly IgnoredFile[];
  readonly errors: readonly CollapseError[];
}

/**
 * Lists everything below directories, without opening a file. `elsewhere` has, by identity, the files that `--pred` and
 * `--target` named: they have their role already. `shortened` passes over steps that need not be looked into.
 */
export function scanDirectories(
  directories: readonly string[],
  tree: Directories,
  elsewhere: ReadonlySet<string>,
  shortened: Shortened | null,
): ReadonlyMap<string, Scan> {
  let met = new MetEntries();
  const { found: scans, refusal: ofLinks } = throughLinks((ways) => {
    met = new MetEntries();
    const scan = (path: string) => scanDirectory(path, tree, elsewhere, shortened, { ways, met });
    return new Map(directories.map((path) => [path, scan(path)]));
  });
  const refusal = met.refusal ?? ofLinks;
  if (refusal === null) return scans;
  // Of what was not walked to its end nobody knows which steps and roles it has.
  if (met.refusal !== null)
    for (const [path, scan] of scans) scans.set(path, { ...scan, ...nothingOf(scan) });
  const [path, first] = [...scans][0]!;
  return scans.set(path, { ...first, errors: [...first.errors, refusal] });
}

function nothingOf({ root }: Scan): Pick<Scan, 'root' | 'ignored'> {
  return { root: { ...root, files: [], children: [] }, ignored: [] };
}

/** What is counted of a walk. */
interface Walked {
  readonly ways: LinkedWays;
  readonly met: MetEntries;
}

/** So many files whose names say nothing are looked at like others, and `--verbose` says so of each. */
const MOST_UNNAMED = 100_000;
/** Of those that follow, which are listed and forgotten, so many count as one entry. */
const FORGOTTEN = 4;

function scanDirectory(
  directory: string,
  tree: Directories,
  elsewhere: ReadonlySet<string>,
  shortened: Shortened | null,
  { ways, met }: Walked,
): Scan {
  let unnamed = 0;
  const ignored: IgnoredFile[] = [];
  const errors: CollapseError[] = [];

  /** Counts a directory's entries, and leaves out files that say nothing once they are too many to remember. */
  function withoutUnnamed(path: string, entries: readonly TreeEntry[]): TreeEntry[] {
    const named = entries.filter((entry) => !saysNothing(entry) || ++unnamed <= MOST_UNNAMED);
    const forgotten = entries.length - named.length;
    met.count(path, named.length + forgotten / FORGOTTEN);
    if (forgotten > 0) ignored.push({ path, reason: `${forgotten} files there whose names say no role` });
    return named;
  }

  function visit(path: string, name: string, isInStep: boolean, depth: number): ListedDirectory {
    const files: { path: string; name: string }[] = [];
    const children: ListedDirectory[] = [];
    let entries: readonly TreeEntry[] = [];
    let isStore = false;
    if (met.refusal !== null) return { path, name, files, children };
    try {
      shardInName(name);
      const shortens = shortened !== null && !isInStep && !namesStep(name) ? shortened : null;
      const all = shortens?.amongNames === undefined ? null : (tree.names?.(path) ?? null);
      const few = all === null ? null : shortens!.amongNames!(path, all);
      const listed = few ?? tree.list(path);
      isStore = isZarrStore(name, listed);
      entries = withoutUnnamed(path, listed).sort((a, b) => (a.name < b.name ? -1 : 1));
      if (few !== null) met.count(path, all!.names.length - few.length);
      ways.count(path, few === null ? entries : all!.names);
      if (few === null && shortens !== null) entries = shortens.among(path, entries);
    } catch (error) {
      if (!(error instanceof CollapseError)) throw error;
      errors.push(error instanceof InputError ? error.at(path) : error);
    }
    if (isStore) {
      ignored.push(ignoredZarrStore(path));
      return { path, name, files, children };
    }
    const within = isInStep || namesStep(name);
    for (const entry of entries) {
      const below = joinPath(path, entry.name);
      if (elsewhere.size > 0 && elsewhere.has(identity(below))) continue;
      const reason = passedOver(entry.name) ?? notLookedInto(entry, within, depth);
      const lost = reason === UNREACHABLE ? whyMissed(entry.name, below) : null;
      if (lost !== null) errors.push(lost);
      else if (reason !== null) ignored.push({ path: below, reason });
      else if (entry.kind === 'directory') {
        if (!ways.leadsOn(path, below, entry)) continue;
        const child = visit(below, entry.name, within, depth + 1);
        // Opening it will say that it is no file.
        if (within && isInPlaceOfFile(child)) files.push({ path: below, name: entry.name });
        else children.push(child);
      } else files.push({ path: below, name: entry.name });
    }
    return { path, name, files, children };
  }

  return { root: visit(directory, baseName(identity(directory)), false, 0), ignored, errors };
}

/** Returns every file of a listed directory, those of subdirectories too. */
export function filesBelow({ files, children }: ListedDirectory): ListedDirectory['files'] {
  return [...files, ...children.flatMap(filesBelow)];
}

/**
 * Returns a listed directory with what its names say. Steps are read from its own last component and below, not from
 * its ancestors; what `naming` refuses is left out.
 */
export function namedDirectory(root: ListedDirectory, naming: Naming): DirectoryNode {
  const visit = ({ path, name, files, children }: ListedDirectory, outer: Place): DirectoryNode => {
    const ownStep = wholeStep(naming.steps.get(identity(path)));
    const id = identity(path);
    const own = { within: ownStep, stepDirectory: id, stepFrom: naming.from.get(id) ?? null };
    const within = insideOf(own, shardOf(name, naming.batches.has(id)), outer);
    const measured = ({ path: each }: { readonly path: string }) => !naming.refused.has(identity(each));
    return {
      path,
      ownStep,
      isPart: naming.parts.has(id),
      files: files.filter(measured).map((file) => listedFile(file, within, naming)),
      children: children.filter(measured).map((child) => visit(child, within)),
    };
  };
  return visit(root, { within: null, shardWithin: null, stepDirectory: null, stepFrom: null });
}

/** Returns every file of a directory and its subdirectories. */
export function filesOfNode({ files, children }: DirectoryNode): readonly FoundFile[] {
  return [...files, ...children.flatMap(filesOfNode)];
}

/** A step beyond 2^53 is an error of the files below it, not of the directory. */
function wholeStep(step: number | InputError | undefined): number | null {
  return typeof step === 'number' ? step : null;
}

function shardOf(name: string, isBatch: boolean): Shard | null {
  try {
    return shardInName(name, isBatch);
  } catch {
    return null;
  }
}

/** Returns what files take from their directories. A shard counts from the directory of the step on: above, it is a run's. */
function insideOf(own: Omit<Place, 'shardWithin'>, ownShard: Shard | null, outer: Place): Place {
  if (own.within !== null) return { ...own, shardWithin: ownShard };
  if (outer.within === null) return outer;
  return { ...outer, shardWithin: ownShard ?? outer.shardWithin };
}

/** Is true for a file that could only be passed over. */
function saysNothing({ name, kind }: TreeEntry): boolean {
  return (
    kind === 'file' &&
    ['unknown', 'perhaps', 'json'].includes(fileKind(name)) &&
    rolesInName(stemOf(name)).length === 0
  );
}

const UNREACHABLE = 'a link that leads nowhere';

function notLookedInto(entry: TreeEntry, within: boolean, depth: number): string | null {
  // Where it matters, opening it will say why it cannot be read.
  if (entry.kind === 'unreachable' || entry.kind === 'other') {
    if (mayHoldArrays(entry.name, within)) return null;
    return entry.kind === 'other' ? 'neither a file nor a directory' : UNREACHABLE;
  }
  if (entry.kind === 'directory' && depth >= MAX_DEPTH) return `more than ${MAX_DEPTH} directories deep`;
  return null;
}

function mayHoldArrays(name: string, within: boolean): boolean {
  const kind = fileKind(name);
  if (['unknown', 'perhaps', 'unreadable'].includes(kind)) return false;
  return within || namesStep(name) || rolesInName(name).length > 0;
}

/** Tests for a directory with a role's name as its file has it, such as `mask.npy`, and without the files of a table in parts. */
function isInPlaceOfFile(child: ListedDirectory): boolean {
  const isNamed = rolesInName(stemOf(child.name)).length > 0 && mayHoldArrays(child.name, true);
  return isNamed && !filesBelow(child).some(({ name }) => mayHoldArrays(name, true));
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
