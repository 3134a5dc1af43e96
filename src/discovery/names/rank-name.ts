import { InputError } from '#errors.js';
import { showPath } from './tree-path.js';

/** Which part of an array a file holds, where each process or shard wrote its own. */
export interface Rank {
  /** The word it is numbered by; parts of one array share it. */
  readonly word: string;
  readonly number: number;
  /** How many there are, where the name says it: `shard_0_of_8`. */
  readonly of: number | null;
}

/** Bounded as steps are: a letter before the word or after the digits makes it another word. */
const RANK = /(?<!\p{L})(rank|gpu|shard|device|part)[_=-]?(\d+)(?:[_-]of[_-]?(\d+))?(?![\p{L}\d]|\.\d)/giu;

/** Without looking behind it is several times faster, and nearly every name has none. */
const MAYBE = /(?:rank|gpu|shard|device|part)[_=-]?\d/i;

/**
 * The rank that one path component names, or null; of several the last.
 *
 * Throws `InputError` E222 for a number that a float64 cannot hold exactly.
 */
export function rankInName(name: string): Rank | null {
  if (!MAYBE.test(name)) return null;
  const last = [...name.matchAll(RANK)].at(-1);
  if (last === undefined) return null;
  const [, word, digits, of] = last;
  return {
    word: word!.toLowerCase(),
    number: exact(digits!, name),
    of: of === undefined ? null : exact(of, name),
  };
}

/** The name with its ranks taken out. */
export function withoutRank(name: string): string {
  return name.replace(RANK, '');
}

function exact(digits: string, name: string): number {
  const number = Number(digits);
  if (Number.isSafeInteger(number)) return number;
  throw new InputError('E222', `the rank in ${showPath(name)} is beyond 2^53`, {
    hint: 'number the ranks from 0 on',
  });
}
