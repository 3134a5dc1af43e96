import { InputError } from '#errors.js';
import { numbersAfter } from '../names/name-tokens.js';
import { withoutRoles } from '../names/role-name.js';
import { STEP_WORDS } from '../names/step-name.js';
import type { Role } from '../names/step-ref.js';
import { stepLabel } from '../names/step-ref.js';
import { showPath } from '../names/tree-path.js';
import type { Candidate } from './candidate.js';

const MAX_NAMED = 5;

/**
 * Returns the candidate that takes a role of a step: the strongest, or where several are as strong and are shards of
 * one array, their union. E215 names two that conflict, E226 the shards that are missing. Copies of one metadata entry
 * are one candidate.
 *
 * @param others What the step has for the other role of a pair, by which E215 tells the one without a partner.
 */
export function settleConflict(
  role: Role,
  step: number | null,
  candidates: readonly Candidate[],
  others: readonly Candidate[] = [],
): Candidate | InputError {
  const strength = candidates.reduce((top, candidate) => Math.max(top, candidate.strength), 0);
  const strongest = candidates.filter((candidate) => candidate.strength === strength);
  if (areShards(strongest)) return joinShards(role, step, strongest);
  const [first, ...rest] = strongest;
  const rivals = rest.filter((candidate) => !isCopy(first!, candidate));
  const [second] = rivals;
  if (second === undefined) return first!;
  const paths = { path: first!.input.path, second: second.input.path };
  const more = rivals.length > 1 ? ` (and ${rivals.length - 1} more)` : '';
  const message =
    paths.path === paths.second
      ? `${stepLabel(step)} has two arrays for ${role} in ${showPath(paths.path)}: ${showPath(first!.input.key ?? '')} and ${showPath(second.input.key ?? '')}${more}`
      : `${stepLabel(step)} has two files for ${role}: ${showPath(paths.path)} and ${showPath(paths.second)}${more}`;
  return new InputError('E215', message, {
    path: paths.path,
    step,
    hint: unpairedHint(role, step, [first!, ...rivals], others) ?? conflictHint(paths.path, paths.second),
    fields: { role, other: paths.second },
  });
}

/** Returns what to do where one of the rivals has a partner by its name and another has none; null elsewhere. */
function unpairedHint(
  role: Role,
  step: number | null,
  rivals: readonly Candidate[],
  others: readonly Candidate[],
): string | null {
  const partners = new Map(others.map((candidate) => [withoutRoles(candidate.input.path), candidate]));
  const partnerOf = ({ input }: Candidate) => partners.get(withoutRoles(input.path));
  const paired = rivals.filter((rival) => partnerOf(rival) !== undefined);
  const alone = rivals.find((rival) => partnerOf(rival) === undefined);
  if (paired.length !== 1 || alone === undefined) return null;
  const [own, partner] = [paired[0]!, partnerOf(paired[0]!)!].map(({ input }) => patternOf(input.path, step));
  const [pred, target] = role === 'prediction' ? [own, partner] : [partner, own];
  const flags =
    own == null || partner == null ? '--pred and --target' : `\`--pred ${pred} --target ${target}\``;
  const lacks = role === 'prediction' ? 'target' : 'prediction';
  return `${showPath(alone.input.path)} has no ${lacks}: save one, remove it, or name the pair by ${flags}`;
}

/** Returns the pattern of a file and its like at other steps, as a shell takes it; null where that is not plain to see. */
function patternOf(path: string, step: number | null): string | null {
  const isPlain = /^[\w ./=@+,-]{1,200}$/.test(path);
  const pattern = path.replace(/[^/]+/g, (part) => {
    const token = numbersAfter(STEP_WORDS, part).find(({ digits }) => Number(digits) === step);
    return token === undefined ? part : `${part.slice(0, token.at)}{step}${part.slice(token.end)}`;
  });
  return isPlain && (step === null) === (pattern === path) ? `'${pattern}'` : null;
}

/** Returns what to do about two files for one role: names that differ in numbers are steps or pieces, and none is one too many. */
function conflictHint(path: string, second: string): string {
  const alike = (text: string): string => text.replace(/\d+/g, '#');
  if (path === second || alike(path) !== alike(second))
    return 'remove one, or choose with --pred and --target';
  return 'pieces of one array are joined where their names say rank0, shard_0 or -00000-of-00002; for steps, choose with --pred and --target, and {step} where the step stands';
}

function isCopy(a: Candidate, b: Candidate): boolean {
  return a.text !== undefined && a.text === b.text;
}

/** Is true for candidates that are the parts of one array: shards of one kind, each once. */
export function areShards(candidates: readonly Candidate[]): boolean {
  const word = candidates[0]?.shard?.word;
  const numbers = new Set(candidates.map(({ shard }) => shard?.number));
  return (
    word !== undefined &&
    candidates.every(({ shard }) => shard?.word === word) &&
    numbers.size === candidates.length
  );
}

/**
 * Joins the parts of one array to one candidate, sorted by shard. Returns E226, which names what is missing, where they are not numbered from 0
 * or 1 without gaps, or are fewer than their names say.
 */
function joinShards(
  role: Role,
  step: number | null,
  candidates: readonly Candidate[],
): Candidate | InputError {
  const sorted = [...candidates].sort((a, b) => a.shard!.number - b.shard!.number);
  const first = sorted[0]!;
  const { word } = first.shard!;
  const totals = new Set(sorted.flatMap(({ shard }) => shard!.of ?? []));
  const { path } = first.input;
  const fault = (what: string): InputError =>
    new InputError('E226', `${stepLabel(step)} ${what}`, {
      path,
      step,
      hint: 'save every rank, numbered without gaps from 0 or 1; to measure one alone, name it with --pred and --target',
      fields: { role, ranks: sorted.map(({ shard }) => shard!.number) },
    });
  if (totals.size > 1) {
    return fault(`has parts of ${role} that say they are of ${[...totals].join(' and of ')}`);
  }
  const missing = missingShards(
    sorted.map(({ shard }) => shard!.number),
    [...totals][0] ?? null,
  );
  if (missing.length > 0) {
    const named = missing.slice(0, MAX_NAMED).map((number) => `${word} ${number}`);
    const more = missing.length > MAX_NAMED ? ' and more' : '';
    return fault(
      `has no ${role} of ${named.join(', ')}${more}; it has ${countText(sorted.length)}, such as ${showPath(path)}`,
    );
  }
  const parts = sorted.map(({ input, shard }) => ({ ...input, shard: shard!.number }));
  return { ...first, input: { ...first.input, parts } };
}

/** Returns the first few that are missing among sorted shards: a gap can be as wide as a number. */
function missingShards(shards: readonly number[], total: number | null): number[] {
  const missing: number[] = [];
  let expected = shards[0] === 1 ? 1 : 0;
  const end = total === null ? (shards.at(-1) ?? 0) : expected + total - 1;
  for (const shard of [...shards, Math.max(end, shards.at(-1) ?? 0) + 1]) {
    for (; expected < shard && missing.length <= MAX_NAMED; expected++) missing.push(expected);
    expected = shard + 1;
  }
  return missing;
}

function countText(parts: number): string {
  return parts === 1 ? '1 part' : `${parts} parts`;
}
