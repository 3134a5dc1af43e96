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
    const named = arrays.find((array) => array.key === key);
    if (named !== undefined) return named;
    throw new InputError('E213', `there is no ${noun} ${JSON.stringify(key)}; there are ${names(arrays)}`);
  }
  const [only, ...others] = arrays.filter((array) => array.kind === kind);
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
