import { InputError } from '#errors.js';
import { showPath } from './tree-path.js';

/** A number in a name with the word before it: `step_000500`, `500k`, `epoch-1.5`. */
export interface NumberToken {
  /** All letters before the number, in lower case; '' where there are none. */
  readonly word: string;
  /** What stands before the number, behind the word: at most two characters, and no word where it is more. */
  readonly joint: string;
  /** As written, with any padding. */
  readonly digits: string;
  /** With its point; '' for a whole number. */
  readonly fraction: string;
  /** The letters right behind the number, which may be the next word as well: `k`, `step` of `epoch3step500`. */
  readonly unit: string;
  /** Where the word begins, and where the number ends. */
  readonly start: number;
  readonly end: number;
}

const NUMBER = /(?<!\p{L})(\p{L}*)([^\p{L}\d]{0,2})(\d+)(\.\d+)?(?=(\p{L}*))/gu;

/** What may stand between a word and the number that it counts. */
const JOINTS: ReadonlySet<string> = new Set(['', '_', '-', '=']);

/** Reads the numbers of one path component, from left to right. */
export function numbersIn(name: string): readonly NumberToken[] {
  if (!/\d/.test(name)) return [];
  const tokens: NumberToken[] = [];
  for (const match of name.matchAll(NUMBER)) {
    const [all, word = '', joint = '', digits = '', fraction = '', unit = ''] = match;
    const { index: start } = match;
    tokens.push({ word: word.toLowerCase(), joint, digits, fraction, unit, start, end: start + all.length });
  }
  return tokens;
}

/**
 * Finds the numbers that one of `words` counts: the word is whole (`timestep` is another one), and the number neither
 * has a unit (`step500k`) nor a fraction (`epoch_1.5`): those are none rather than wrong ones.
 */
export function numbersAfter(words: Pick<ReadonlySet<string>, 'has'>, name: string): readonly NumberToken[] {
  return numbersIn(name).filter(
    ({ word, joint, fraction, unit }) =>
      words.has(word) && JOINTS.has(joint) && fraction === '' && unit === '',
  );
}

/** Returns the name with these parts of it taken out. */
export function withoutTokens(name: string, tokens: readonly Pick<NumberToken, 'start' | 'end'>[]): string {
  let rest = '';
  let from = 0;
  for (const { start, end } of tokens) {
    rest += name.slice(from, start);
    from = end;
  }
  return rest + name.slice(from);
}

/** Splits a name into runs of letters and digits, in lower case: `pred_step500` is `pred` and `step500`. */
export function wordsIn(name: string): readonly string[] {
  return name.toLowerCase().split(/[^\p{L}\p{N}]+/u);
}

/**
 * Returns digits with any padding as a number; `name` is named in the error.
 *
 * Throws `InputError` E222 for a number that a float64 cannot represent exactly.
 */
export function exactNumber(digits: string, of: 'step' | 'rank', name: string): number {
  const number = Number(digits);
  if (Number.isSafeInteger(number)) return number;
  throw new InputError('E222', `the ${of} in ${showPath(name)} is beyond 2^53`, {
    hint: `number the ${of}s below 9007199254740992`,
  });
}
