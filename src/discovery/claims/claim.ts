import type { CollapseError } from '#errors.js';
import type { Rank } from '../names/rank-name.js';
import type { InputRef, Role } from '../names/step-ref.js';
import type { FoundFile } from '../paths/found-file.js';

/**
 * How surely a file is meant. CHOSEN by `--pred` or `--target`; NAMED by the file's name or its keys;
 * BESIDE: an array found in a file whose name claims another role, taken where nobody else claims it.
 */
export const CHOSEN = 2;
export const NAMED = 1;
export const BESIDE = 0;

export interface Claim {
  readonly role: Role;
  /** null: the names tell no step. */
  readonly step: number | null;
  readonly input: InputRef;
  /** Which part of the array the file holds; null for all of it. */
  readonly rank: Rank | null;
  readonly strength: typeof CHOSEN | typeof NAMED | typeof BESIDE;
  /** The text of a metadata entry, to tell two copies of one number from two numbers. */
  readonly text?: string;
}

/** Why a file that might have held a role does not: told where the role is missed. */
export interface Doubt {
  readonly step: number | null;
  readonly roles: readonly Role[];
  readonly rank: Rank | null;
  readonly error: CollapseError;
  /** Told whether the role is missed or not: the file is damaged. */
  readonly always: boolean;
}

/** What one file offers to the run it lies in. */
export interface FileClaims {
  readonly file: FoundFile;
  readonly claims: readonly Claim[];
  readonly doubts: readonly Doubt[];
  /** The prediction where `--target none` leaves no role to tell apart and the step has no other. */
  readonly fallback: readonly Claim[];
  /** The step of a file that was not opened, as `--steps` leaves its step out. */
  readonly unopened: number | null;
  /** Why the file offers nothing, if it does not. */
  readonly ignored: string | null;
  readonly warnings: readonly string[];
}
