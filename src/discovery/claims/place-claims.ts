import { type CollapseError, InputError } from '#errors.js';
import type { Role } from '../names/step-ref.js';
import { showPath } from '../names/tree-path.js';
import type { IgnoredFile } from '../paths/found-file.js';
import type { Claim } from './claim.js';
import { settleContest } from './contest.js';

export type RoleClaims = Map<Role, Claim[]>;

export interface PlacedClaims {
  /** Claims by step; the null step only where no step is numbered. */
  readonly bySteps: ReadonlyMap<number | null, RoleClaims>;
  /** What every numbered step without its own may use. */
  readonly shared: ReadonlyMap<Role, Claim>;
  /** Roles whose shared files contradict each other: no step can be said to lack them. */
  readonly contested: ReadonlySet<Role>;
  readonly errors: readonly CollapseError[];
  readonly warnings: readonly string[];
  readonly ignored: readonly IgnoredFile[];
}

const SHAREABLE: ReadonlySet<Role> = new Set(['target', 'context', 'mask']);

/**
 * Sorts claims by step. Beside numbered steps a target, context or mask without a step belongs to all of
 * them, a kl_reg is E221, and a prediction is left out with a warning. `numbered` says whether doubts
 * already number a step.
 */
export function placeClaims(claims: readonly Claim[], numbered: boolean): PlacedClaims {
  const bySteps = new Map<number | null, RoleClaims>();
  for (const claim of claims) {
    const roles = bySteps.get(claim.step) ?? new Map<Role, Claim[]>();
    bySteps.set(claim.step, roles);
    const rivals = roles.get(claim.role);
    if (rivals === undefined) roles.set(claim.role, [claim]);
    else rivals.push(claim);
  }
  const shared = new Map<Role, Claim>();
  const contested = new Set<Role>();
  const errors: CollapseError[] = [];
  const warnings: string[] = [];
  const ignored: IgnoredFile[] = [];
  const result = { bySteps, shared, contested, errors, warnings, ignored };

  const loose = bySteps.get(null);
  const isNumbered = numbered || claims.some(({ role, step }) => step !== null && isMeasured(role));
  if (loose === undefined || !isNumbered) return result;
  bySteps.delete(null);
  for (const [role, rivals] of loose) {
    if (SHAREABLE.has(role)) {
      const settled = settleContest(role, null, rivals);
      if (!(settled instanceof Error)) shared.set(role, settled);
      else {
        contested.add(role);
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

/** The roles that make a step; a mask, context or kl_reg alone is none. */
export function isMeasured(role: Role): boolean {
  return role === 'prediction' || role === 'target';
}

function ofNoStep({ input: { path } }: Claim): InputError {
  return new InputError('E221', `${showPath(path)} cannot say which step's kl_reg it is`, {
    path,
    hint: 'name it after its step (kl_reg_step500.json), or put it into the directory of its step',
  });
}
