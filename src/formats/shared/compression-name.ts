import type { ArrayDescription } from './define-format.js';

/** What a description says of the compression of its array's parts; nothing where none is compressed. */
export function compressionOf(codecs: Iterable<string | null>): Pick<ArrayDescription, 'compression'> {
  const names = [...new Set(codecs)].filter((name) => name !== null);
  return names.length === 0 ? {} : { compression: names.sort().join(', ') };
}
