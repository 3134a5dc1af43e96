import { InputError } from '#errors.js';
import { numberWord } from './number-words.js';
import { remembered } from './remembered.js';
import { showPath } from './tree-path.js';

/** A number in a name with the word before it: `step_000500`, `500k`, `epoch-1.5`, `1e3`. */
export interface NumberToken {
  /** All letters before the number, as written; '' where there are none. */
  readonly letters: string;
  /** The same in lower case. */
  readonly word: string;
  /** What stands before the number, behind the word: at most two characters, and no word where it is more. */
  readonly joint: string;
  /** As written, with any padding. */
  readonly digits: string;
  /** With its point; '' for a whole number. */
  readonly fraction: string;
  /** The power of ten that an exponent (`1e3`) or a letter (`3k`) multiplies with. */
  readonly power: number;
  /** The letter of a thousand, a million or a billion, or the `e` of a power of ten; '' without one. */
  readonly scale: string;
  /** The letters right behind the number and its scale, which may be the next word as well: `step` of `epoch3step500`. */
  readonly unit: string;
  /** Where the word begins, where the number begins, and where it ends with its scale. */
  readonly start: number;
  readonly at: number;
  readonly end: number;
}

const NUMBER =
  /(?<!\p{L})(\p{L}*)([^\p{L}\d]{0,2})(\d+)(\.\d+)?(?:[eE]([+-]?\d{1,2})(?![\p{L}\d]))?(?=(\p{L}*))/gu;

/** Powers of ten by the letter behind a number. */
const SCALES: ReadonlyMap<string, number> = new Map([
  ['k', 3],
  ['K', 3],
  ['M', 6],
  ['B', 9],
  ['G', 9],
  ['T', 12],
]);

/** What may stand between a word and the number that it counts. */
const JOINTS: ReadonlySet<string> = new Set(['', '_', '-', '=']);

/** Reads the numbers of one path component, from left to right. */
export const numbersIn = remembered((name): readonly NumberToken[] => {
  if (!/\d/.test(name)) return [];
  const tokens: NumberToken[] = [];
  NUMBER.lastIndex = 0;
  for (let match = NUMBER.exec(name); match !== null; match = NUMBER.exec(name)) {
    const [all, letters = '', joint = '', digits = '', fraction = '', written, behind = ''] = match;
    const word = letters.toLowerCase();
    const exponent = written !== undefined && isScientific(word, digits, fraction) ? Number(written) : null;
    const start = match.index;
    const at = start + letters.length + joint.length;
    let end = exponent === null ? at + digits.length + fraction.length : start + all.length;
    const letter = exponent === null ? scaleAt(name, end) : '';
    const unit = exponent === null ? lettersAt(name, end + letter.length) : behind;
    end += letter.length;
    const power = exponent ?? SCALES.get(letter) ?? 0;
    const scale = exponent !== null && exponent > 0 ? 'e' : letter;
    tokens.push({ letters, word, joint, digits, fraction, power, scale, unit, start, at, end });
    NUMBER.lastIndex = end;
  }
  return tokens;
});

/** Is true where `2e5` is one number: `vits8e5` is two. */
function isScientific(word: string, digits: string, fraction: string): boolean {
  return (word === '' || numberWord(word) !== undefined) && (digits.length === 1 || fraction !== '');
}

/** Returns the letter of a scale: it is the last (`3k`), or a word that counts follows it (`10kimg`, `1Btokens`). */
function scaleAt(name: string, at: number): string {
  const letters = lettersAt(name, at);
  const letter = letters[0] ?? '';
  if (!SCALES.has(letter)) return '';
  const rest = letters.slice(1);
  const next = name[at + letters.length] ?? '';
  if (rest === '') return /\d/.test(next) ? '' : letter;
  return numberWord(rest.toLowerCase())?.kind === 'step' ? letter : '';
}

function lettersAt(name: string, at: number): string {
  return /^\p{L}*/u.exec(name.slice(at))![0];
}

/**
 * Finds the numbers that one of `words` counts: the word is whole (`timestep` is another one), and the number neither
 * has a unit (`step500k`) nor a fraction (`epoch_1.5`).
 */
export function numbersAfter(words: Pick<ReadonlySet<string>, 'has'>, name: string): readonly NumberToken[] {
  return numbersIn(name).filter(
    ({ word, joint, fraction, unit, power }) =>
      words.has(word) && JOINTS.has(joint) && fraction === '' && unit === '' && power === 0,
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

/** Returns a name without its numbers and the words for steps before them, and without what then stands at its ends. */
export function withoutNumbers(stem: string): string {
  let words = '';
  let from = 0;
  for (const { start, at, end, word } of numbersIn(stem)) {
    words += stem.slice(from, numberWord(word)?.kind === 'step' ? start : at);
    from = end;
  }
  return (words + stem.slice(from)).replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
}

/**
 * Splits a name into runs of letters and digits, in lower case, and before a capital behind a small letter:
 * `pred_step500` is `pred` and `step500`, `targetEmb` is `target` and `emb`.
 */
export function wordsIn(name: string): readonly string[] {
  return name
    .replace(/(?<=\p{Ll})(?=\p{Lu})/gu, '_')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
}

/**
 * Returns the number that a token stands for: `3k` is 3000, `1.5M` 1500000, `0.5` a half.
 *
 * Throws `InputError` E222 where a float64 cannot represent it exactly; a fraction is as near as one comes.
 */
export function numberOf({ digits, fraction, power }: NumberToken, name: string): number {
  const decimals = fraction.slice(1);
  const shift = power - decimals.length;
  const all = digits + decimals;
  if (shift >= 0) return exactNumber(all + '0'.repeat(shift), 'step', name);
  const whole = all.replace(/0+$/, '');
  const dropped = all.length - whole.length;
  if (dropped >= -shift) return exactNumber(all.slice(0, shift) || '0', 'step', name);
  return Number(`${digits}${fraction}e${power}`);
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
