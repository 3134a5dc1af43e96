import type { InputError } from '#errors.js';
import type { InputRef, Role } from '../names/step-ref.js';

/** A step as its files make it up, before it is known whether it can be loaded. */
export interface Candidate {
  readonly step: number | null;
  readonly inputs: ReadonlyMap<Role, InputRef>;
  /** Why a role in several parts is not whole; its role is in neither `inputs` nor `missing`. */
  readonly rankError: InputError | null;
  /** Needed roles that no file claims. */
  readonly missing: readonly Role[];
  /** True where two files claim one role: an error told already. */
  readonly contested: boolean;
}

/** Numbered steps as numbers, what has no step first. */
export function byStep(
  a: { readonly step: number | null | undefined },
  b: { readonly step: number | null | undefined },
): number {
  return (a.step ?? -1) - (b.step ?? -1);
}
