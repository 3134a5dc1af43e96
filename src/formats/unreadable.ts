import { InputError } from '#errors.js';
import { FORMATS } from './registry.js';

/** Whatever else goes wrong in one file, a stack overflow too, is that file's error: the others are read all the same. */
export function unexpected(cause: unknown): InputError {
  const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  if (isOutOfMemory(cause)) {
    return new InputError('E220', `reading it takes more memory than there is: ${text}`, { cause });
  }
  return new InputError('E204', `it cannot be read: ${text}`, {
    cause,
    hint: 'write the file again; if it is well formed, report this with the file',
    fields: { unexpected: text },
  });
}

/** Is true for what V8 throws where an array is not to be had. */
function isOutOfMemory(error: unknown): boolean {
  return (
    error instanceof RangeError &&
    /allocation failed|invalid (typed )?array (buffer )?length/i.test(error.message)
  );
}

/** Makes the error for a head that no format matches: E204 where the extension promises one, else E205. */
export function unrecognised(head: Uint8Array, extension: string): InputError {
  if (head.length === 0) {
    return new InputError('E204', 'the file is empty: 0 bytes', {
      hint: 'wait for its writer, or write it again',
    });
  }
  const expected = FORMATS.find((candidate) => candidate.extensions.includes(extension));
  const starts = `the file begins with ${show(head)}`;
  return expected === undefined
    ? new InputError('E205', `${starts}, which is not a known format`)
    : new InputError('E204', `${starts}; its extension ${extension} promises ${expected.title}`);
}

function show(head: Uint8Array): string {
  const bytes = [...head.subarray(0, 8)];
  if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f))
    return JSON.stringify(String.fromCharCode(...bytes));
  return `bytes ${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
}
