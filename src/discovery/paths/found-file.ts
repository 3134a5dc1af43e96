import { InputError } from '#errors.js';
import { type Shard, shardInName } from '../names/shard-name.js';
import { stepInName, stepInPath } from '../names/step-name.js';
import type { Role } from '../names/step-ref.js';
import { baseName, identity, parentPath } from '../names/tree-path.js';

/** A file discovery came upon, before its name or header is looked at. */
export interface FoundFile {
  /** As it is opened. */
  readonly path: string;
  readonly name: string;
  /** The step of the nearest directory that names one. */
  readonly within: number | null;
  /** The shard of the nearest directory that names one, at the directory of the step or below it. */
  readonly shardWithin: Shard | null;
  /** What `{step}` stood for. */
  readonly bound: number | null;
  /** 'given': the user wrote its path; 'matched': a pattern led to it; 'listed': it lies in a directory. */
  readonly origin: 'given' | 'matched' | 'listed';
  /** True where a pattern names one shard: what it matches stands for itself. */
  readonly whole: boolean;
  /** The roles that `--pred` and `--target` give it; empty where its name or content decides. */
  readonly chosen: readonly Role[];
}

export interface IgnoredFile {
  readonly path: string;
  readonly reason: string;
}

/** Returns a file the user named, with every component of its path counting for its step. Throws as `stepInName` does. */
export function namedFile(path: string, origin: 'given' | 'matched', bound: number | null): FoundFile {
  try {
    const parent = parentPath(identity(path));
    const within = stepInPath(parent);
    const shardWithin = shardInDirectories(parent.split('/'), bound !== null);
    return { path, name: baseName(path), within, shardWithin, bound, origin, whole: false, chosen: [] };
  } catch (error) {
    throw error instanceof InputError ? error.at(path) : error;
  }
}

/** Returns the shard by directories: above the step, one such as `part1` is a run; with `anywhere` it cannot be one. */
export function shardInDirectories(parts: readonly string[], anywhere: boolean): Shard | null {
  const step = parts.findLastIndex((part) => stepInName(part) !== null);
  const below = anywhere ? parts : step < 0 ? [] : parts.slice(step);
  return below.map(shardInName).findLast((shard) => shard !== null) ?? null;
}

/** Returns the shard by the file's own name, else by its directories. Throws as `shardInName` does. */
export function shardOfFile(file: FoundFile): Shard | null {
  return file.whole ? null : (shardInName(file.name) ?? file.shardWithin);
}

/** Returns the step by `{step}`, else by the file's own name, else by its directories. Throws as `stepInName` does. */
export function stepOfFile(file: FoundFile): number | null {
  return file.bound ?? stepInName(file.name) ?? file.within;
}
