import type { Shard } from '../names/shard-name.js';
import type { Role } from '../names/step-ref.js';
import type { Candidate, Problem } from './candidate.js';

export interface DamagedShards {
  readonly problems: readonly Problem[];
  /** Is true where a part of the role cannot be used: the other shards alone are not the step. */
  spoils(step: number | null, role: Role): boolean;
}

/**
 * Finds problems about one shard that concern the whole role of its step, as there are other shards of it and no other
 * file is that shard; they are always reported. A problem without a step concerns every step.
 */
export function damagedShards(problems: readonly Problem[], candidates: readonly Candidate[]): DamagedShards {
  const spoilt = new Set<string>();
  const shards = problems.some(({ shard }) => shard !== null)
    ? shardsByRole(candidates)
    : new Map<string, PartsOfRole>();
  const reported = problems.map((problem): Problem => {
    const { shard } = problem;
    if (shard === null) return problem;
    const lost = [...shards].filter(
      ([, { step, role, found }]) =>
        problem.roles.includes(role) &&
        (problem.step === null || problem.step === step) &&
        isLost(shard, found),
    );
    for (const [place] of lost) spoilt.add(place);
    return lost.length > 0 ? { ...problem, always: true } : problem;
  });
  return { problems: reported, spoils: (step, role) => spoilt.has(`${step} ${role}`) };
}

interface PartsOfRole {
  readonly step: number | null;
  readonly role: Role;
  readonly found: Shard[];
}

function shardsByRole(candidates: readonly Candidate[]): Map<string, PartsOfRole> {
  const parts = new Map<string, PartsOfRole>();
  for (const { step, role, shard } of candidates) {
    if (shard === null) continue;
    const place = `${step} ${role}`;
    const known = parts.get(place) ?? { step, role, found: [] };
    parts.set(place, known);
    known.found.push(shard);
  }
  return parts;
}

function isLost({ word, number }: Shard, found: readonly Shard[]): boolean {
  const alike = found.filter((shard) => shard.word === word);
  return alike.length > 0 && !alike.some((shard) => shard.number === number);
}
