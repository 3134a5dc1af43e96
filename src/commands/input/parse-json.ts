import { InputError, UsageError } from '#errors.js';
import { readRegular } from '#io/regular-file.js';

/** Far beyond any configuration. */
const MOST_BYTES = 4 * 2 ** 20;

/** Reads JSON. Throws `UsageError` E120, which quotes nothing: the file may be no configuration. */
export function parseJson(
  file: string,
  shown: string,
  { extendedBy, takesPipe }: { readonly extendedBy?: string; readonly takesPipe: boolean },
): unknown {
  let text: string;
  try {
    text = readRegular(file, { mostBytes: MOST_BYTES, takesPipe }).replace(/^\ufeff/, '');
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    const what =
      extendedBy === undefined ? 'the configuration' : `the configuration that ${extendedBy} extends`;
    throw new UsageError('E120', `${what} cannot be read: ${cause.message}`, {
      path: shown,
      cause,
      hint:
        extendedBy === undefined
          ? 'name a file of JSON, such as collapse.config.json'
          : `names in extends are taken from the folder of ${extendedBy}`,
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError('E120', `this is not JSON${placeOf(cause, text)}`, {
      path: shown,
      hint: 'a configuration is plain JSON: no comments, no trailing commas',
    });
  }
}

/** Says where the parser stopped, if it says so. */
function placeOf(cause: unknown, text: string): string {
  const position = /at position (\d+)/.exec(cause instanceof Error ? cause.message : '')?.[1];
  if (position === undefined) return '';
  const lines = text.slice(0, Number(position)).split('\n');
  return `: line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
