import { exactNumber, type NumberToken, numbersAfter, withoutTokens } from './name-tokens.js';

/** The words that number the parts of one array, where each process or writer saved its own. */
const SHARD_WORDS: ReadonlySet<string> = new Set(['rank', 'gpu', 'shard', 'device', 'part']);
const TOTAL_WORDS: ReadonlySet<string> = new Set(['of']);

/** Which part of an array a file holds. */
export interface Shard {
  /** The word it is numbered by; parts of one array share it. */
  readonly word: string;
  readonly number: number;
  /** How many there are, where the name says it: `shard_0_of_8`. */
  readonly of: number | null;
}

/** Returns the shard that one path component names, or null; of several the last. Throws as `exactNumber` does. */
export function shardInName(name: string): Shard | null {
  const token = numbersAfter(SHARD_WORDS, name).at(-1);
  if (token === undefined) return null;
  const total = totalAfter(token, name);
  return {
    word: token.word,
    number: exactNumber(token.digits, 'rank', name),
    of: total === undefined ? null : exactNumber(total.digits, 'rank', name),
  };
}

/** Returns the name with its shards taken out. */
export function withoutShard(name: string): string {
  const tokens = numbersAfter(SHARD_WORDS, name);
  return withoutTokens(
    name,
    tokens.map((token) => ({ start: token.start, end: (totalAfter(token, name) ?? token).end })),
  );
}

function totalAfter({ end }: NumberToken, name: string): NumberToken | undefined {
  if (name[end] !== '_' && name[end] !== '-') return undefined;
  return numbersAfter(TOTAL_WORDS, name).find(({ start, joint }) => start === end + 1 && joint !== '=');
}
