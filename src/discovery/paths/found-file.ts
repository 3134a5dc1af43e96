import { InputError } from '#errors.js';
import { type Shard, shardInName } from '../names/shard-name.js';
import { stepInName } from '../names/step-name.js';
import type { Role } from '../names/step-ref.js';
import { baseName, identity, parentPath } from '../names/tree-path.js';
import { stemOf } from './file-kind.js';
import type { NamedRole } from './named-roles.js';
import type { Naming } from './read-names.js';

/** What files take from the directories that they lie in. */
export interface Place {
  /** The step of the nearest directory that names one. */
  readonly within: number | null;
  /** The shard of the nearest directory that names one, at the directory of the step or below it. */
  readonly shardWithin: Shard | null;
  /** That directory, by identity. */
  readonly stepDirectory: string | null;
  /** From what its step was read, where no classic word says it. */
  readonly stepFrom: string | null;
}

/** A file discovery came upon, before its header is looked at. */
export interface FoundFile extends Place {
  /** As it is opened. */
  readonly path: string;
  readonly name: string;
  /** The step that its own name gives; an error for a number that is none exactly. */
  readonly own: number | InputError | null;
  /** What `{step}` stood for. */
  readonly bound: number | null;
  /** 'given': the user wrote its path; 'matched': a pattern led to it; 'listed': it lies in a directory. */
  readonly origin: 'given' | 'matched' | 'listed';
  /** True where a pattern names one shard: what it matches stands for itself. */
  readonly whole: boolean;
  /** True where its name says which batch of several it holds. */
  readonly batch: boolean;
  /** The role that another name gives it: `z` beside `z_hat`, a file below `target/`. */
  readonly named: NamedRole | null;
  /** The roles that `--pred` and `--target` give it; empty where its name or content decides. */
  readonly chosen: readonly Role[];
}

export interface IgnoredFile {
  readonly path: string;
  readonly reason: string;
}

/** A file that was given or matched, before its name is read in the light of the others. */
export interface GivenFile {
  readonly path: string;
  readonly origin: 'given' | 'matched';
  readonly bound: number | null;
}

/** Returns a file of a directory that was listed. */
export function listedFile(
  { path, name }: { readonly path: string; readonly name: string },
  place: Place,
  naming: Naming,
): FoundFile {
  return {
    path,
    name,
    ...place,
    ...ownOf(path, naming),
    origin: 'listed',
    bound: null,
    whole: false,
    chosen: [],
  };
}

/**
 * Returns a file the user named, with every component of its path counting for its step; the nearest does. Throws as
 * `shardInName` does.
 */
export function namedFile({ path, origin, bound }: GivenFile, naming: Naming): FoundFile {
  try {
    const parent = parentPath(identity(path));
    let place: Place = { within: null, shardWithin: null, stepDirectory: null, stepFrom: null };
    for (let at = parent, last = ''; at !== last && place.within === null; last = at, at = parentPath(at)) {
      const step = naming.steps.get(at) ?? stepInName(baseName(at));
      if (step instanceof InputError) throw step;
      if (step !== null)
        place = { ...place, within: step, stepDirectory: at, stepFrom: naming.from.get(at) ?? null };
    }
    const shardWithin = shardInDirectories(parent, bound === null ? place.stepDirectory : '', naming.batches);
    const own = ownOf(path, naming);
    return {
      path,
      name: baseName(path),
      ...place,
      shardWithin,
      ...own,
      origin,
      bound,
      whole: false,
      chosen: [],
    };
  } catch (error) {
    throw error instanceof InputError ? error.at(path) : error;
  }
}

function ownOf(
  path: string,
  naming: Naming,
): Pick<FoundFile, 'own' | 'batch' | 'named'> & { stepFrom?: string } {
  const id = identity(path);
  const from = naming.from.get(id);
  return {
    ...(from === undefined ? {} : { stepFrom: from }),
    own: naming.steps.get(id) ?? ownStep(baseName(id)),
    batch: naming.batches.has(id),
    named: naming.roles.get(id) ?? null,
  };
}

/** Returns the step by classic words alone, of a file that no other is read with. */
function ownStep(name: string): number | InputError | null {
  try {
    return stepInName(stemOf(name));
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

/** Returns the shard by directories: above the step, one such as `part1` is a run; with '' for it, any counts. */
export function shardInDirectories(
  path: string,
  stepDirectory: string | null,
  batches: ReadonlySet<string> = new Set(),
): Shard | null {
  if (stepDirectory === null) return null;
  const parts = path.split('/');
  const from = stepDirectory === '' ? 0 : stepDirectory.split('/').length - 1;
  return (
    parts
      .slice(from)
      .map((part, i) => shardInName(part, batches.has(parts.slice(0, from + i + 1).join('/'))))
      .findLast((shard) => shard !== null) ?? null
  );
}

/** Returns the shard by the file's own name, else by its directories. Throws as `shardInName` does. */
export function shardOfFile(file: FoundFile): Shard | null {
  return file.whole ? null : (shardInName(file.name, file.batch) ?? file.shardWithin);
}

/** Returns the step by `{step}`, else by the file's own name, else by its directories. Throws `InputError` for one beyond 2^53. */
export function stepOfFile(file: FoundFile): number | null {
  if (file.bound !== null) return file.bound;
  if (file.own instanceof InputError) throw file.own;
  return file.own ?? file.within;
}
