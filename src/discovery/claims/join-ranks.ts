import { InputError } from '#errors.js';
import { stepLabel } from '../names/step-label.js';
import type { Role } from '../names/step-ref.js';
import { showPath } from '../names/tree-path.js';
import type { Claim } from './claim.js';

const MAX_NAMED = 5;

/** True for claims that are the parts of one array: ranks of one kind, each once. */
export function areRanks(claims: readonly Claim[]): boolean {
  const word = claims[0]?.rank?.word;
  const numbers = new Set(claims.map(({ rank }) => rank?.number));
  return (
    word !== undefined && claims.every(({ rank }) => rank?.word === word) && numbers.size === claims.length
  );
}

/**
 * Parts of one array as one claim, in rank order. E226 names what is missing where they are not numbered from 0 or
 * 1 without gaps, or are fewer than their names say.
 */
export function joinRanks(role: Role, step: number | null, claims: readonly Claim[]): Claim | InputError {
  const sorted = [...claims].sort((a, b) => a.rank!.number - b.rank!.number);
  const first = sorted[0]!;
  const { word } = first.rank!;
  const totals = new Set(sorted.flatMap(({ rank }) => rank!.of ?? []));
  const { path } = first.input;
  const fault = (what: string): InputError =>
    new InputError('E226', `${stepLabel(step)} ${what}`, {
      path,
      step,
      hint: 'save every rank, numbered without gaps from 0 or 1; to measure one alone, name it with --pred and --target',
      fields: { role, ranks: sorted.map(({ rank }) => rank!.number) },
    });
  if (totals.size > 1) {
    return fault(`has parts of ${role} that say they are of ${[...totals].join(' and of ')}`);
  }
  const missing = missingRanks(
    sorted.map(({ rank }) => rank!.number),
    [...totals][0] ?? null,
  );
  if (missing.length > 0) {
    const named = missing.slice(0, MAX_NAMED).map((number) => `${word} ${number}`);
    const more = missing.length > MAX_NAMED ? ' and more' : '';
    return fault(
      `has no ${role} of ${named.join(', ')}${more}; it has ${countText(sorted.length)}, such as ${showPath(path)}`,
    );
  }
  const parts = sorted.map(({ input, rank }) => ({ ...input, rank: rank!.number }));
  return { ...first, input: { ...first.input, parts } };
}

/** What is missing among sorted ranks, the first few of it: a gap can be as wide as a number. */
function missingRanks(ranks: readonly number[], total: number | null): number[] {
  const missing: number[] = [];
  let expected = ranks[0] === 1 ? 1 : 0;
  const end = total === null ? (ranks.at(-1) ?? 0) : expected + total - 1;
  for (const rank of [...ranks, Math.max(end, ranks.at(-1) ?? 0) + 1]) {
    for (; expected < rank && missing.length <= MAX_NAMED; expected++) missing.push(expected);
    expected = rank + 1;
  }
  return missing;
}

function countText(parts: number): string {
  return parts === 1 ? '1 part' : `${parts} parts`;
}
