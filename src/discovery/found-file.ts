import { InputError } from '../errors.js';
import { stepInName, stepInPath } from './step-name.js';
import type { Role } from './step-ref.js';
import { baseName, identity, parentPath } from './tree-path.js';

/** A file discovery came upon, before its name or header is looked at. */
export interface FoundFile {
  /** As it is opened. */
  readonly path: string;
  readonly name: string;
  /** The step of the nearest directory that names one. */
  readonly within: number | null;
  /** What `{step}` stood for. */
  readonly bound: number | null;
  /** 'given': the user wrote its path; 'matched': a pattern led to it; 'listed': it lies in a directory. */
  readonly origin: 'given' | 'matched' | 'listed';
  /** The roles that `--pred` and `--target` give it; empty where its name or content decides. */
  readonly chosen: readonly Role[];
}

export interface IgnoredFile {
  readonly path: string;
  readonly reason: string;
}

/** A file the user named, with every component of its path counting for its step. Throws as `stepInName` does. */
export function namedFile(path: string, origin: 'given' | 'matched', bound: number | null): FoundFile {
  try {
    const within = stepInPath(parentPath(identity(path)));
    return { path, name: baseName(path), within, bound, origin, chosen: [] };
  } catch (error) {
    throw error instanceof InputError ? error.at(path) : error;
  }
}

/** The step by `{step}`, else by the file's own name, else by its directories. Throws as `stepInName` does. */
export function stepOfFile(file: FoundFile): number | null {
  return file.bound ?? stepInName(file.name) ?? file.within;
}
