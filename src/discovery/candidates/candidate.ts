import type { CollapseError } from '#errors.js';
import type { Shard } from '../names/shard-name.js';
import type { InputRef, Role } from '../names/step-ref.js';
import type { FoundFile } from '../paths/found-file.js';

/**
 * How surely a file is meant: CHOSEN by `--pred` or `--target`; NAMED by the file's name or its keys;
 * BESIDE: an array found in a file whose name names another role, taken where the role has no other candidate.
 */
export const CHOSEN = 2;
export const NAMED = 1;
export const BESIDE = 0;

/** A file, array or column that may take a role of a step. */
export interface Candidate {
  readonly role: Role;
  /** null where no name or column gives one. */
  readonly step: number | null;
  readonly input: InputRef;
  /** Which part of the array the file holds; null for all of it. */
  readonly shard: Shard | null;
  readonly strength: typeof CHOSEN | typeof NAMED | typeof BESIDE;
  /** The key without its step, of an array whose key names one. */
  readonly plainKey?: string;
  /** The text of a metadata entry: two copies of one number are no conflict. */
  readonly text?: string;
}

/** Why a file that may have a role cannot be used for it: reported where the role is missing. */
export interface Problem {
  readonly step: number | null;
  readonly roles: readonly Role[];
  readonly shard: Shard | null;
  readonly error: CollapseError;
  /** True where it is reported whether the role is missing or not: the file is damaged. */
  readonly always: boolean;
  /** True for a file without a role in its name that is a step of the run only where all others are such files. */
  readonly isGuess?: true;
  /** True for a file of a format that is not read and without a role in its name: others of that name, or a step that has nothing else, show that it has one. */
  readonly isUnread?: true;
}

/** What one file offers to the run it lies in. */
export interface FileCandidates {
  readonly file: FoundFile;
  readonly candidates: readonly Candidate[];
  readonly problems: readonly Problem[];
  /** Candidates for the prediction of a step without another, where `--target none` leaves it the only role. */
  readonly fallback: readonly Candidate[];
  /** The step of a file that was not opened, as `--steps` leaves its step out. */
  readonly unopened: number | null;
  /** Why the file offers nothing, if it does not. */
  readonly ignored: string | null;
  readonly warnings: readonly string[];
}
