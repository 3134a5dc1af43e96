import { InputError } from '#errors.js';
import type { ArrayDescription } from './define-format.js';

/** What a format calls what it holds. */
export type ArrayNoun = 'array' | 'column' | 'tensor';

/**
 * The array of a file that is meant: the one named `key`, or without a key the only one of its kind.
 * E213 for a name that is not there, E209 where none could be meant, E212 where several could.
 */
export function chooseArray<T extends ArrayDescription>(
  noun: ArrayNoun,
  arrays: readonly T[],
  key: string | null,
  kind: 'matrix' | 'vector',
): T {
  if (key !== null) {
    const named = byKey(arrays).get(key);
    if (named !== undefined) return named;
    throw new InputError('E213', `there is no ${noun} ${JSON.stringify(key)}; there are ${names(arrays)}`);
  }
  const [only, ...others] = arrays.filter((array) => array.kind === kind);
  const [single] = arrays;
  // Numbers of another type are refused by it, where they are read.
  if (only === undefined && arrays.length === 1 && single!.kind === 'other') return single!;
  if (only === undefined) throw new InputError('E209', `no ${noun} is a ${kind}; there are ${names(arrays)}`);
  if (others.length > 0) {
    throw new InputError('E212', `several ${noun}s could be meant: ${names([only, ...others])}`);
  }
  return only;
}

/** At most a dozen: a table may have thousands of columns. */
function names(arrays: readonly ArrayDescription[]): string {
  const shown = arrays.slice(0, 12).map(({ key }) => JSON.stringify(key));
  const more = arrays.length - shown.length;
  return `${shown.join(', ') || 'none'}${more > 0 ? ` and ${more} more` : ''}`;
}

const indexes = new WeakMap<readonly ArrayDescription[], ReadonlyMap<string | null, ArrayDescription>>();

/** Made once a file: of thousands of arrays each may be asked for. */
function byKey<T extends ArrayDescription>(arrays: readonly T[]): ReadonlyMap<string | null, T> {
  const known = indexes.get(arrays) as ReadonlyMap<string | null, T> | undefined;
  if (known !== undefined) return known;
  const index = new Map<string | null, T>();
  for (const array of arrays) if (!index.has(array.key)) index.set(array.key, array);
  indexes.set(arrays, index);
  return index;
}
