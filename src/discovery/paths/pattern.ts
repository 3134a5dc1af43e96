import { CollapseError, InputError } from '#errors.js';
import type { Directories, EntryKind, TreeEntry } from '#io/directories.js';
import { type LinkedWays, throughLinks } from '#io/linked-ways.js';
import { exactNumber } from '../names/name-tokens.js';
import { joinPath } from '../names/tree-path.js';
import { expandBraces } from './brace.js';
import { MetEntries } from './met-entries.js';
import { MAX_DEPTH } from './scan-directory.js';
import { compileSegment, matchSegment, type Segment } from './segment.js';

export interface PatternMatch {
  readonly path: string;
  readonly kind: EntryKind;
  /** What `{step}` stood for; null where the pattern has none. */
  readonly step: number | null;
}

export interface PatternMatches {
  readonly matches: readonly PatternMatch[];
  /** Directories that could not be read, steps that are no exact number. */
  readonly errors: readonly CollapseError[];
}

/**
 * Finds what a glob matches in the tree, sorted by path: `*`, `?`, `[abc]`, `{a,b}`, `**` for any depth and
 * `{step}` for digits, also in a directory's name and more than once if equal. Wildcards skip names
 * that start with a dot. A last `**` matches its directory and the files below it.
 */
export function matchPattern(pattern: string, tree: Directories): PatternMatches {
  const { found: walk, refusal } = throughLinks((ways) => walked(pattern, tree, ways));
  const { found, errors, met } = walk;
  const tooMany = met.refusal ?? refusal;
  if (tooMany !== null) errors.push(tooMany);
  if (met.refusal !== null) found.clear();
  return { matches: [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), errors };
}

function walked(pattern: string, tree: Directories, ways: LinkedWays): Walk {
  const walk = new Walk(tree, ways);
  try {
    for (const alternative of expandBraces(pattern)) walk.from(alternative);
  } catch (error) {
    walk.failed(error);
  }
  return walk;
}

/** One pattern's way through the tree; each place is visited once per remaining pattern and step. */
class Walk {
  readonly found = new Map<string, PatternMatch>();
  readonly errors: CollapseError[] = [];
  readonly met = new MetEntries();
  readonly #tree: Directories;
  readonly #listed = new Map<string, readonly TreeEntry[]>();
  #segments: readonly (Segment | '**')[] = [];
  #visited = new Set<string>();

  readonly #ways: LinkedWays;

  constructor(tree: Directories, ways: LinkedWays) {
    this.#tree = tree;
    this.#ways = ways;
  }

  from(pattern: string): void {
    this.#visited = new Set();
    this.#segments = pattern
      .split('/')
      .filter((part, at, parts) => part !== '' && part !== '.' && !(part === '**' && parts[at - 1] === '**'))
      .map((part) => (part === '**' ? '**' : compileSegment(part)));
    this.#visit(pattern.startsWith('/') ? '/' : '.', 0, null, 0);
  }

  failed(error: unknown): void {
    if (!(error instanceof CollapseError)) throw error;
    this.errors.push(error);
  }

  #visit(directory: string, at: number, bound: string | null, depth: number): void {
    const segment = this.#segments[at];
    const place = `${at} ${bound} ${directory}`;
    if (segment === undefined || this.#visited.has(place)) return;
    this.#visited.add(place);
    const last = at === this.#segments.length - 1;
    if (segment === '**') this.#visitBelow(directory, at, bound, depth);
    else if (segment.literal === null) this.#visitMatching(directory, segment, at, bound, depth);
    else if (!last) this.#visit(joinPath(directory, segment.literal), at + 1, bound, depth);
    else {
      const path = joinPath(directory, segment.literal);
      const kind = this.#kind(path);
      if (kind !== 'missing') this.#emit(path, kind, bound);
    }
  }

  #visitMatching(directory: string, segment: Segment, at: number, bound: string | null, depth: number): void {
    const last = at === this.#segments.length - 1;
    for (const { name, kind } of this.#list(directory)) {
      if (!last && kind !== 'directory') continue;
      for (const step of matchSegment(segment, name, bound)) {
        const path = joinPath(directory, name);
        if (last) this.#emit(path, kind, step);
        else this.#visit(path, at + 1, step, depth);
      }
    }
  }

  #visitBelow(directory: string, at: number, bound: string | null, depth: number): void {
    const last = at === this.#segments.length - 1;
    if (last && depth === 0 && this.#kind(directory) === 'directory')
      this.#emit(directory, 'directory', bound);
    if (!last) this.#visit(directory, at + 1, bound, depth);
    if (depth >= MAX_DEPTH) return;
    for (const { name, kind } of this.#list(directory)) {
      if (name.startsWith('.')) continue;
      const path = joinPath(directory, name);
      if (kind === 'directory') this.#visit(path, at, bound, depth + 1);
      else if (last) this.#emit(path, kind, bound);
    }
  }

  /** Adds a match; what cannot be reached is refused as what is no file. */
  #emit(path: string, found: TreeEntry['kind'], digits: string | null): void {
    if (this.found.has(path)) return;
    const kind = found === 'unreachable' ? 'other' : found;
    try {
      const step = digits === null ? null : exactNumber(digits, 'step', path);
      this.found.set(path, { path, kind, step });
    } catch (error) {
      this.failed(error instanceof InputError ? error.at(path) : error);
    }
  }

  #kind(path: string): EntryKind | 'missing' {
    try {
      return this.#tree.kind(path);
    } catch (error) {
      this.failed(error);
      return 'missing';
    }
  }

  #list(directory: string): readonly TreeEntry[] {
    const known = this.#listed.get(directory);
    if (known !== undefined) return known;
    let entries: readonly TreeEntry[] = [];
    if (this.met.refusal !== null) return entries;
    try {
      if (this.#kind(directory) === 'directory') entries = this.#tree.list(directory);
      this.#ways.count(directory, entries);
      this.met.count(directory, entries.length);
      entries = entries.filter(
        (entry) =>
          entry.kind !== 'directory' || this.#ways.leadsOn(directory, joinPath(directory, entry.name), entry),
      );
    } catch (error) {
      this.failed(error);
    }
    this.#listed.set(directory, entries);
    return entries;
  }
}
