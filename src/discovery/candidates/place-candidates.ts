import { type CollapseError, InputError } from '#errors.js';
import { describesRows, type Role } from '../names/step-ref.js';
import { showPath } from '../names/tree-path.js';
import type { IgnoredFile } from '../paths/found-file.js';
import type { Candidate } from './candidate.js';
import { settleConflict } from './settle-conflict.js';

export type RoleCandidates = Map<Role, Candidate[]>;

export interface Placement {
  /** Candidates by step; the null step only where no step is numbered. */
  readonly bySteps: ReadonlyMap<number | null, RoleCandidates>;
  /** What every numbered step without its own may use. */
  readonly shared: ReadonlyMap<Role, Candidate>;
  /** Roles whose shared files conflict: no step can be said to lack them. */
  readonly conflicting: ReadonlySet<Role>;
  readonly errors: readonly CollapseError[];
  readonly warnings: readonly string[];
  readonly ignored: readonly IgnoredFile[];
}

const SHAREABLE: ReadonlySet<Role> = new Set(['target', 'context', 'mask', 'label', 'group']);

/**
 * Sorts candidates by step. Beside numbered steps a target, context, mask, label or group without a step belongs to all of
 * them, a kl_reg is E221, and a prediction is left out with a warning. `numbered` says whether
 * problems already number a step.
 */
export function placeCandidates(candidates: readonly Candidate[], numbered: boolean): Placement {
  const bySteps = new Map<number | null, RoleCandidates>();
  for (const candidate of candidates) {
    const roles = bySteps.get(candidate.step) ?? new Map<Role, Candidate[]>();
    bySteps.set(candidate.step, roles);
    const rivals = roles.get(candidate.role);
    if (rivals === undefined) roles.set(candidate.role, [candidate]);
    else rivals.push(candidate);
  }
  const shared = new Map<Role, Candidate>();
  const conflicting = new Set<Role>();
  const errors: CollapseError[] = [];
  const warnings: string[] = [];
  const ignored: IgnoredFile[] = [];
  const result = { bySteps, shared, conflicting, errors, warnings, ignored };

  const loose = bySteps.get(null);
  const isNumbered = numbered || candidates.some(({ role, step }) => step !== null && isMeasured(role));
  if (loose === undefined || !isNumbered) return result;
  bySteps.delete(null);
  for (const [role, rivals] of loose) {
    if (SHAREABLE.has(role)) {
      const settled = settleConflict(role, null, rivals);
      if (!(settled instanceof Error)) shared.set(role, settled);
      else if (describesRows(role)) warnings.push(`${settled.message}; none is used`);
      else {
        conflicting.add(role);
        errors.push(settled);
      }
    } else if (role === 'kl_reg') for (const rival of rivals) errors.push(ofNoStep(rival));
    else {
      for (const { input } of rivals) {
        warnings.push(`${showPath(input.path)} names no step and is left out beside numbered steps`);
        ignored.push({ path: input.path, reason: 'names no step, and the others do' });
      }
    }
  }
  return result;
}

/** Is true for the roles that make a step; a mask, context, label, group or kl_reg alone is none. */
export function isMeasured(role: Role): boolean {
  return role === 'prediction' || role === 'target';
}

function ofNoStep({ input: { path } }: Candidate): InputError {
  return new InputError('E221', `${showPath(path)} cannot say which step's kl_reg it is`, {
    path,
    hint: 'name it after its step (kl_reg_step500.json), or put it into the directory of its step',
  });
}
