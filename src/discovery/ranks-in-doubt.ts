import type { Claim, Doubt } from './claim.js';
import type { Role } from './step-ref.js';

export interface RanksInDoubt {
  readonly doubts: readonly Doubt[];
  /** True where a part of the role cannot be used: the other ranks alone are not the step. */
  spoils(step: number | null, role: Role): boolean;
}

/**
 * A doubt about one rank concerns the whole role of its step wherever there are other ranks of it; it is then told
 * as an error. A doubt without a step concerns every step.
 */
export function ranksInDoubt(doubts: readonly Doubt[], claims: readonly Claim[]): RanksInDoubt {
  const spoilt = new Map<number | null, Set<Role>>();
  const told = doubts.map((doubt): Doubt => {
    if (doubt.rank === null) return doubt;
    const roles = doubt.roles.filter((role) =>
      claims.some(
        (claim) =>
          claim.role === role && claim.rank !== null && (doubt.step === null || claim.step === doubt.step),
      ),
    );
    if (roles.length === 0) return doubt;
    spoilt.set(doubt.step, new Set([...(spoilt.get(doubt.step) ?? []), ...roles]));
    return { ...doubt, always: true };
  });
  return {
    doubts: told,
    spoils: (step, role) => (spoilt.get(step)?.has(role) ?? false) || (spoilt.get(null)?.has(role) ?? false),
  };
}
