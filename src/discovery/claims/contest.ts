import { InputError } from '#errors.js';
import { stepLabel } from '../names/step-label.js';
import type { Role } from '../names/step-ref.js';
import { showPath } from '../names/tree-path.js';
import type { Claim } from './claim.js';
import { areRanks, joinRanks } from './join-ranks.js';

/**
 * The claim that a role of a step goes to: the strongest, or where several are as strong and are ranks of one
 * array, their union. E215 names two that exclude each other, E226 the ranks that are missing. Copies of one
 * metadata entry are one claim.
 */
export function settleContest(role: Role, step: number | null, claims: readonly Claim[]): Claim | InputError {
  const strength = claims.reduce((top, claim) => Math.max(top, claim.strength), 0);
  const strongest = claims.filter((claim) => claim.strength === strength);
  if (areRanks(strongest)) return joinRanks(role, step, strongest);
  const [first, ...others] = strongest;
  const rivals = others.filter((claim) => !isCopy(first!, claim));
  const [second] = rivals;
  if (second === undefined) return first!;
  const paths = { path: first!.input.path, second: second.input.path };
  const more = rivals.length > 1 ? ` (and ${rivals.length - 1} more)` : '';
  const message = `${stepLabel(step)} has two files for ${role}: ${showPath(paths.path)} and ${showPath(paths.second)}${more}`;
  return new InputError('E215', message, { path: paths.path, step, fields: { role, other: paths.second } });
}

function isCopy(a: Claim, b: Claim): boolean {
  return a.text !== undefined && a.text === b.text;
}
