import { readError, systemCode } from '#io/system-error.js';
import type { CommandContext } from './context.js';

/** Yields what standard input holds. Throws `InputError` E202 where it cannot be read, as one that was opened for writing. */
export async function* chunksOf(stdin: CommandContext['stdin']): AsyncGenerator<Uint8Array | string> {
  try {
    yield* stdin;
  } catch (cause) {
    throw systemCode(cause) === '' ? cause : readError('standard input', cause, 'read');
  }
}
