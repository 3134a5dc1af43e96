import type { Claim, Doubt } from '../claims/claim.js';
import type { Rank } from '../names/rank-name.js';
import type { Role } from '../names/step-ref.js';

export interface RanksInDoubt {
  readonly doubts: readonly Doubt[];
  /** True where a part of the role cannot be used: the other ranks alone are not the step. */
  spoils(step: number | null, role: Role): boolean;
}

/**
 * A doubt about one rank concerns the whole role of its step, if there are other ranks of it and no other file is
 * that rank; it is then told as an error. A doubt without a step concerns every step.
 */
export function ranksInDoubt(doubts: readonly Doubt[], claims: readonly Claim[]): RanksInDoubt {
  const spoilt = new Set<string>();
  const ranks = doubts.some(({ rank }) => rank !== null)
    ? ranksByRole(claims)
    : new Map<string, PartsOfRole>();
  const told = doubts.map((doubt): Doubt => {
    const { rank } = doubt;
    if (rank === null) return doubt;
    const lost = [...ranks].filter(
      ([, { step, role, found }]) =>
        doubt.roles.includes(role) && (doubt.step === null || doubt.step === step) && isLost(rank, found),
    );
    for (const [place] of lost) spoilt.add(place);
    return lost.length > 0 ? { ...doubt, always: true } : doubt;
  });
  return { doubts: told, spoils: (step, role) => spoilt.has(`${step} ${role}`) };
}

interface PartsOfRole {
  readonly step: number | null;
  readonly role: Role;
  readonly found: Rank[];
}

function ranksByRole(claims: readonly Claim[]): Map<string, PartsOfRole> {
  const parts = new Map<string, PartsOfRole>();
  for (const { step, role, rank } of claims) {
    if (rank === null) continue;
    const place = `${step} ${role}`;
    const known = parts.get(place) ?? { step, role, found: [] };
    parts.set(place, known);
    known.found.push(rank);
  }
  return parts;
}

function isLost({ word, number }: Rank, found: readonly Rank[]): boolean {
  const alike = found.filter((rank) => rank.word === word);
  return alike.length > 0 && !alike.some((rank) => rank.number === number);
}
