import { datesIn } from './date-name.js';
import { type NumberToken, numberOf, numbersIn } from './name-tokens.js';
import { numberWord, type WordKind } from './number-words.js';
import { shardTokens } from './shard-name.js';
import { stepInName } from './step-name.js';

/** One number of a name, and what it may count. */
interface Count {
  readonly kind: WordKind | 'date' | 'unknown';
  /** The word that says so; '' without one. */
  readonly word: string;
  readonly strength: number;
  /** Where its word begins; the number itself where the word says nothing. */
  readonly start: number;
  readonly at: number;
  readonly end: number;
  readonly value: () => number;
  readonly padded: boolean;
  readonly fourDigits: boolean;
  readonly scale: string;
  readonly fractional: boolean;
}

/** A name as its numbers divide it; names with one `template` differ in their numbers alone. */
export interface NumberedName {
  readonly template: string;
  readonly counts: readonly Count[];
}

/**
 * How surely a number is the step, in the order in which the rules are asked: by a word that always counts steps, by
 * another known word, by its padding or unit, by what the siblings look like.
 */
export const BY_CLASSIC_WORD = 0;
export const BY_WORD = 1;
export const BY_FORM = 2;
export const BY_SIBLINGS = 4;
export type Rank = typeof BY_CLASSIC_WORD | typeof BY_WORD | typeof BY_FORM | typeof BY_SIBLINGS;

export type Reading =
  | { readonly kind: 'steps'; readonly rank: Rank; readonly from: string; readonly steps: readonly number[] }
  | { readonly kind: 'runs' }
  /** Steps or runs: only the user knows. */
  | { readonly kind: 'unclear'; readonly why: string; readonly steps: readonly number[] }
  /** Several numbers that may each be the step; where each stands in each name. */
  | {
      readonly kind: 'several';
      readonly readings: readonly { readonly from: string; readonly places: readonly Place[] }[];
    };

export interface Place {
  readonly at: number;
  readonly end: number;
}

/** What can only be found by looking into siblings. */
export interface Alike {
  /** The same roles in each. */
  readonly roles: boolean;
  /** Arrays of the same widths; asked only where it decides. */
  readonly shapes: () => Promise<boolean>;
}

const RUNS: Reading = { kind: 'runs' };
const FIVE = 5;

/** Reads the numbers of one name, without its extension; `batches` as `shardInName` takes it. */
export function numberedName(name: string, batches = false): NumberedName {
  const dates = datesIn(name);
  const shards = shardTokens(name, batches);
  const taken = [...dates, ...shards];
  const tokens = numbersIn(name);
  const counts = [
    ...dates.map(dateCount),
    ...tokens
      .filter(({ at, end }) => !taken.some((other) => at < other.end && other.start < end))
      .map((token) => countOf(token, tokens, name)),
  ].sort((a, b) => a.at - b.at);
  let template = '';
  let from = 0;
  for (const { start, end, mark } of [
    ...counts.map(({ at, end }) => ({ start: at, end, mark: '#' })),
    ...shards.map(({ start, end }) => ({ start, end, mark: '' })),
  ].sort((a, b) => a.start - b.start)) {
    if (start < from) continue;
    template += name.slice(from, start) + mark;
    from = end;
  }
  return { template: template + name.slice(from), counts };
}

function dateCount({ start, end, value }: { start: number; end: number; value: number }): Count {
  const plain = { padded: false, fourDigits: false, scale: '', fractional: false };
  return { kind: 'date', word: '', strength: 0, start, at: start, end, value: () => value, ...plain };
}

function countOf(token: NumberToken, tokens: readonly NumberToken[], name: string): Count {
  const { digits, fraction, power, scale, at, end } = token;
  return {
    ...meaningOf(token, tokens, name),
    start: token.start,
    at,
    end,
    value: () => exactOrNaN(() => numberOf(token, name)),
    padded: digits.length >= 4 && digits.startsWith('0'),
    fourDigits: digits.length >= 4 && fraction === '',
    scale,
    fractional: fraction !== '' || power < 0,
  };
}

function meaningOf(
  token: NumberToken,
  tokens: readonly NumberToken[],
  name: string,
): Pick<Count, 'kind' | 'word' | 'strength'> {
  const before = rowOfWord(token, name);
  if (before?.kind === 'step' || before?.kind === 'setting') return before;
  // `3step500`: the letters behind are the word of the next number.
  const isNextWord = tokens.some(({ start }) => start >= token.end && start <= token.end + 1);
  const behind =
    token.unit !== ''
      ? token.unit
      : isNextWord
        ? ''
        : (/^[_-](\p{L}+)/u.exec(name.slice(token.end))?.[1] ?? '');
  // `model_10000_steps`: a number before its unit counts it, whatever is counted otherwise.
  if (before !== null && !isPluralUnit(behind)) return before;
  const glued = token.unit !== '' && !tokens.some(({ start }) => start === token.end);
  const row = isNextWord ? undefined : numberWord(behind.toLowerCase());
  if (row !== undefined && (row.kind === 'step' || glued)) {
    return { kind: row.kind, word: behind.toLowerCase(), strength: row.strength ?? 0 };
  }
  return { kind: 'unknown', word: token.word, strength: 0 };
}

/** Is true of `steps` or `epochs`: a unit of training that more than one are counted in. */
function isPluralUnit(word: string): boolean {
  const plural = word.toLowerCase();
  return (
    plural.endsWith('s') &&
    numberWord(plural)?.isUnit === true &&
    numberWord(plural.slice(0, -1)) !== undefined
  );
}

/** Returns what the word before a number says; null where it says nothing. */
function rowOfWord({ letters, word, joint, start, unit }: NumberToken, name: string) {
  // Letters right behind the number that say nothing make a code of it: `e5f6a7`.
  const behind = numberWord(unit.toLowerCase())?.kind;
  if (unit !== '' && (behind === undefined || (word.length <= 2 && behind !== 'step'))) return null;
  if (word === '' || (joint.length > 1 && joint !== '__') || /[+]/.test(joint)) return null;
  // `8e5` of a hash: a short word begins where a word begins.
  if (word.length <= 2 && /[\p{L}\p{N}]/u.test(name[start - 1] ?? '')) return null;
  const hump = /\p{Ll}(\p{Lu}\p{Ll}+)$/u.exec(letters)?.[1]?.toLowerCase();
  for (const candidate of [word, ...(hump === undefined ? [] : [hump])]) {
    const row = numberWord(candidate);
    if (row !== undefined) return { kind: row.kind, word: candidate, strength: row.strength ?? 0 };
  }
  return null;
}

/**
 * Reads what the numbers of siblings count that differ in them alone: steps of one run, runs, or what only the user
 * knows. The rules are asked in the order of `Rank`; docs/naming.md says them in words.
 */
export async function readFamily(
  names: readonly { readonly name: string; readonly numbered: NumberedName }[],
  alike: Alike,
): Promise<Reading> {
  const [first] = names;
  const places = first!.numbered.counts.map((count, i) => ({
    ...count,
    all: names.map(({ numbered }) => numbered.counts[i]!),
  }));
  const moving = places.filter(({ all }) => all.some((count) => !Object.is(count.value(), all[0]!.value())));
  const isOne = moving.length === 0;
  const varying = isOne ? places : moving;
  const known = places.filter(({ kind }) => kind === 'step');
  const finer = finerCount(known, moving);
  if (finer !== null) return steps(finer, BY_WORD);
  if (known.length > 0) return byWord(names, known, varying, isOne);
  if (isOne) return ofOne(first!.name, places);
  const open = varying.filter(({ kind }) => kind !== 'run' && kind !== 'setting');
  const [only] = varying;
  if (varying.length === 1) return byForm(only!, alike);
  if (open.length === 0 && !varying.some(isFormOfStep)) return RUNS;
  if (varying.some(({ kind }) => kind === 'date'))
    return unclear('dates', stepsOf(varying.find(({ kind }) => kind === 'date')!));
  const candidates = varying.filter((place) => place.kind !== 'setting' || isFormOfStep(place));
  const readings = (candidates.length > 1 ? candidates : varying).map((place) => ({
    from: labelOf(place),
    places: place.all.map(({ at, end }) => ({ at, end })),
  }));
  return { kind: 'several', readings };
}

type CountPlace = Count & { readonly all: readonly Count[] };

function byWord(
  names: readonly { readonly name: string }[],
  known: readonly CountPlace[],
  varying: readonly CountPlace[],
  isOne: boolean,
): Reading {
  const moving = isOne ? [] : known.filter((place) => varying.includes(place));
  const choice = moving.length > 0 ? moving : known;
  const best = choice.reduce((top, place) => (place.strength <= top.strength ? place : top));
  const classic = names.map(({ name }) => exactOrNaN(() => stepInName(name)));
  const isSettled = moving.length === 0 || classic.some((step) => step !== classic[0]);
  if (isSettled && classic.every((step) => step !== null)) {
    return { kind: 'steps', rank: BY_CLASSIC_WORD, from: labelOf(best), steps: classic };
  }
  return { kind: 'steps', rank: BY_WORD, from: labelOf(best), steps: stepsOf(best) };
}

/**
 * Returns the number that tells apart what a known word leaves equal and that grows with it: the updates of
 * `checkpoint_1_1000`, `checkpoint_1_2000`, `checkpoint_2_3000`. Null for parts that are counted from 0 or 1, and
 * where the word tells all names apart.
 */
function finerCount(known: readonly CountPlace[], moving: readonly CountPlace[]): CountPlace | null {
  const [finer, ...more] = moving.filter(({ kind }) => kind !== 'step');
  if (known.length === 0 || finer === undefined || more.length > 0 || finer.kind !== 'unknown') return null;
  const coarse = new Map<number, string>();
  for (const [i, count] of finer.all.entries()) {
    const words = known.map(({ all }) => all[i]!.value()).join();
    if ((coarse.get(count.value()) ?? words) !== words) return null;
    coarse.set(count.value(), words);
  }
  const ordered = [...coarse].sort(([a], [b]) => a - b);
  const spans = ordered.filter(([, words], i) => words !== ordered[i - 1]?.[1]).length;
  const isGrowing = spans === new Set(coarse.values()).size;
  const isCounted = ordered[0]![0] <= 1 && ordered.every(([value], i) => value === ordered[0]![0] + i);
  return isGrowing && spans < ordered.length && !isCounted ? finer : null;
}

/** Returns NaN for a number beyond what a float64 holds; `exactNumber` says so where it is asked for. */
function exactOrNaN<T>(read: () => T): T | number {
  try {
    return read();
  } catch {
    return Number.NaN;
  }
}

/** A directory or file without siblings is a step where its name alone says so. */
function ofOne(name: string, places: readonly CountPlace[]): Reading {
  const [only, ...others] = places;
  if (only === undefined || others.length > 0 || only.kind === 'setting' || only.kind === 'date') return RUNS;
  const bare = !/\p{L}/u.test(name.slice(0, only.at) + name.slice(only.end));
  const isStep = (only.padded && only.kind !== 'either') || (only.scale !== '' && bare);
  return isStep && !only.fractional ? steps(only, BY_FORM) : RUNS;
}

function isFormOfStep({ all, scale }: CountPlace): boolean {
  return isPadded(all) || scale !== '';
}

function isPadded(all: readonly Count[]): boolean {
  return all.some(({ padded }) => padded) && all.every(({ fourDigits }) => fourDigits);
}

async function byForm(place: CountPlace, alike: Alike): Promise<Reading> {
  const { kind, all, word } = place;
  if (kind === 'date') return unclear('dates', stepsOf(place));
  if (isPadded(all)) {
    return kind === 'setting'
      ? unclear(`padded numbers after '${word}'`, stepsOf(place))
      : steps(place, BY_FORM);
  }
  const scales = new Set(all.map(({ scale }) => scale));
  scales.delete('');
  if (scales.size > 0) {
    const thousands = [...scales].every((scale) => ['k', 'K', 'e'].includes(scale));
    if (kind === 'setting' || kind === 'run') {
      if (scales.has('e')) return RUNS;
      return thousands ? unclear(`thousands after '${word}'`, stepsOf(place)) : RUNS;
    }
    if (thousands || word === '') return steps(place, BY_FORM);
  } else if (kind === 'run' || kind === 'setting') return RUNS;
  if (kind === 'either') return unclear(`numbers after '${word}'`, stepsOf(place));
  if (all.some(({ fractional }) => fractional)) return unclear('numbers with a point', stepsOf(place));
  const values = [...new Set(stepsOf(place))].sort((a, b) => a - b);
  const counts = values.length >= FIVE || (values.length >= 3 && areEven(values));
  if (counts && alike.roles) {
    // Arrays of other widths cannot be steps of one run.
    return (await alike.shapes()) ? steps(place, BY_SIBLINGS) : RUNS;
  }
  if (!(await alike.shapes())) return RUNS;
  return unclear(word === '' ? 'bare numbers' : `numbers after '${word}'`, stepsOf(place));
}

function areEven(values: readonly number[]): boolean {
  const gap = values[1]! - values[0]!;
  return values.every((value, i) => i === 0 || value - values[i - 1]! === gap);
}

function steps(place: CountPlace, rank: Rank): Reading {
  return { kind: 'steps', rank, from: labelOf(place), steps: stepsOf(place) };
}

function unclear(why: string, of: readonly number[]): Reading {
  return { kind: 'unclear', why, steps: of };
}

function stepsOf({ all }: CountPlace): readonly number[] {
  return all.map(({ value }) => value());
}

function labelOf({ kind, word, scale }: CountPlace): string {
  if (word !== '') return `'${word}'`;
  if (kind === 'date') return 'the date';
  return scale === '' ? 'the bare number' : 'the number with a unit';
}
