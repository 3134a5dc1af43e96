import type { CollapseError } from '#errors.js';
import type { Candidate } from '../claims/candidate.js';
import type { Doubt } from '../claims/claim.js';
import { isMeasured } from '../claims/place-claims.js';
import type { Role } from '../names/step-ref.js';
import type { IgnoredFile } from '../paths/found-file.js';

export interface ToldDoubts {
  readonly errors: readonly CollapseError[];
  readonly ignored: readonly IgnoredFile[];
  /** True where an error already says why a step lacks a role. */
  explains(step: number | null, role: Role): boolean;
}

/**
 * Doubts as errors where the role is missed, or the file is damaged; elsewhere the file is merely one that
 * no role claims. A doubt without a step concerns every step.
 */
export function tellDoubts(
  doubts: readonly Doubt[],
  candidates: ReadonlyMap<number | null, Candidate>,
): ToldDoubts {
  const missedSomewhere = new Set([...candidates.values()].flatMap(({ missing }) => missing));
  const lacks = (step: number | null, role: Role): boolean => {
    const candidate = candidates.get(step);
    if (candidate !== undefined) return !candidate.contested && !candidate.inputs.has(role);
    return isMeasured(role) && (step !== null || candidates.size === 0 || missedSomewhere.has(role));
  };
  const errors: CollapseError[] = [];
  const ignored: IgnoredFile[] = [];
  const explained = new Map<number | null, Set<Role>>();
  for (const { step, roles, error, always } of doubts) {
    if (!always && !roles.some((role) => lacks(step, role))) {
      if (error.path !== undefined) ignored.push({ path: error.path, reason: error.message });
      continue;
    }
    errors.push(error);
    const known = explained.get(step) ?? new Set();
    explained.set(step, known);
    for (const role of roles) known.add(role);
  }
  const explains = (step: number | null, role: Role): boolean =>
    (explained.get(step)?.has(role) ?? false) || (explained.get(null)?.has(role) ?? false);
  return { errors, ignored, explains };
}
