import type { CollapseError } from '#errors.js';
import type { Problem } from '../candidates/candidate.js';
import type { DraftStep } from '../candidates/draft-steps.js';
import { isMeasured } from '../candidates/place-candidates.js';
import type { Role } from '../names/step-ref.js';
import type { IgnoredFile } from '../paths/found-file.js';

export interface ReportedProblems {
  readonly errors: readonly CollapseError[];
  readonly ignored: readonly IgnoredFile[];
  /** Is true where an error already says why a step lacks a role. */
  explains(step: number | null, role: Role): boolean;
}

/**
 * Reports problems as errors where the role is missed, or the file is damaged; elsewhere the file is merely one
 * without a role. A problem without a step concerns every step.
 */
export function reportedProblems(
  problems: readonly Problem[],
  drafts: ReadonlyMap<number | null, DraftStep>,
): ReportedProblems {
  const missedSomewhere = new Set([...drafts.values()].flatMap(({ missing }) => missing));
  const lacks = (step: number | null, role: Role): boolean => {
    const draft = drafts.get(step);
    if (draft !== undefined) return !draft.conflicting && !draft.inputs.has(role);
    // What every step may share is missing where one of them lacks it.
    if (!isMeasured(role))
      return step === null && [...drafts.values()].some(({ inputs }) => !inputs.has(role));
    return step !== null || drafts.size === 0 || missedSomewhere.has(role);
  };
  const errors: CollapseError[] = [];
  const ignored: IgnoredFile[] = [];
  const explained = new Map<number | null, Set<Role>>();
  for (const { step, roles, error, always, isUnread } of problems) {
    if (!always && !roles.some((role) => lacks(step, role))) {
      if (error.path !== undefined && isUnread !== true)
        ignored.push({ path: error.path, reason: error.message });
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
