import { exactNumber, type NumberToken, numbersIn, withoutTokens } from './name-tokens.js';
import { numberWord } from './number-words.js';

/** The words that number the parts of one array, where each process or writer saved its own. */
export const SHARD_WORDS: readonly string[] = [
  ...[
    'rank',
    'gpu',
    'shard',
    'device',
    'part',
    'worker',
    'proc',
    'process',
    'chunk',
    'piece',
    'node',
    'host',
  ],
];
/** The same for the batches of one pass over the data, which begin with 0 or 1; `batch256` is a size. */
export const BATCH = 'batch';
const WORDS: ReadonlySet<string> = new Set(SHARD_WORDS);
const JOINTS: ReadonlySet<string> = new Set(['', '_', '-', '=', '.']);
/** What parts are called whose names say no more than `-00000-of-00002`. */
const UNNAMED = 'part';

/** Which part of an array a file holds. */
export interface Shard {
  /** The word it is numbered by; parts of one array share it. */
  readonly word: string;
  readonly number: number;
  /** How many there are, where the name says it: `shard_0_of_8`. */
  readonly of: number | null;
}

/**
 * Returns the shard that one path component names, or null; of several the last. `batches` says that `batch_0` is one
 * too. Throws as `exactNumber` does.
 */
export function shardInName(name: string, batches = false): Shard | null {
  const part = partsIn(name, batches).at(-1);
  if (part === undefined) return null;
  const { token, total, word } = part;
  return {
    word,
    number: exactNumber(token.digits, 'rank', name),
    of: total === null ? null : exactNumber(total.digits, 'rank', name),
  };
}

/** Returns the name with its shards taken out. */
export function withoutShard(name: string, batches = false): string {
  return withoutTokens(name, shardTokens(name, batches));
}

/** Returns which parts of a name are its shards. */
export function shardTokens(
  name: string,
  batches = false,
): readonly { readonly start: number; readonly end: number }[] {
  return partsIn(name, batches).map(({ token, total, word }) => ({
    start: word === token.word ? token.start : token.at,
    end: (total ?? token).end,
  }));
}

interface NamedPart {
  readonly token: NumberToken;
  readonly total: NumberToken | null;
  readonly word: string;
}

function partsIn(name: string, batches: boolean): NamedPart[] {
  const tokens = numbersIn(name);
  return tokens.flatMap((token, i) => {
    if (token.fraction !== '' || token.power !== 0) return [];
    // `epoch_3_of_90` is the third of 90 epochs.
    const isUnit = numberWord(token.word)?.isUnit === true;
    const total = isUnit ? null : totalAfter(token, tokens[i + 1], name);
    if (token.unit !== '' && total === null) return [];
    const counts = WORDS.has(token.word) || (batches && token.word === BATCH);
    if (counts && JOINTS.has(token.joint)) return [{ token, total, word: token.word }];
    return total === null ? [] : [{ token, total, word: UNNAMED }];
  });
}

/** Returns the second number of `0_of_8`, `00000-of-00008` or `0of8`. */
function totalAfter(token: NumberToken, next: NumberToken | undefined, name: string): NumberToken | null {
  if (next === undefined || next.word !== 'of' || next.unit !== '' || next.joint === '=') return null;
  const between = name.slice(token.end, next.start);
  return /^[_-]?$/.test(between) && next.joint.length <= 1 ? next : null;
}
