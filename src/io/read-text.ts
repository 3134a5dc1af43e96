import { constants } from 'node:buffer';
import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '#errors.js';
import { readError } from './system-error.js';

/** What a string can hold. */
export const MOST_TEXT = constants.MAX_STRING_LENGTH;
const CHUNK_BYTES = 2 ** 16;

/**
 * Reads a whole text file as UTF-8; pipes too, so that a shell's `<(…)` works. A relative path is taken from `cwd`.
 * Throws `InputError` E201 or E202 naming `path` as it was given, the latter also past `MOST_TEXT` bytes: a device may have
 * no end.
 */
export function readText(path: string, cwd = '.'): string {
  try {
    const fd = openSync(resolve(cwd, path), 'r');
    try {
      const stat = fstatSync(fd);
      if (stat.size > MOST_TEXT) throw tooLong(path);
      return stat.isFile() || stat.isDirectory() ? readFileSync(fd, 'utf8') : readToEnd(fd, path);
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    throw cause instanceof InputError ? cause : readError(path, cause, 'read');
  }
}

function readToEnd(fd: number, path: string): string {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const got = readSync(fd, chunk);
    if (got === 0) return Buffer.concat(chunks, length).toString('utf8');
    length += got;
    if (length > MOST_TEXT) throw tooLong(path);
    chunks.push(chunk.subarray(0, got));
  }
}

/** Makes E202 for text that no string holds. */
export function tooLong(path: string): InputError {
  return new InputError('E202', `it has more than ${MOST_TEXT} bytes of text`, {
    path,
    hint: 'name a file with an end, or split it',
  });
}

/** Tests for what is there and is neither a file nor a directory, such as a FIFO or a device; links are followed. */
export function isOther(path: string): boolean {
  try {
    const stat = statSync(path);
    return !stat.isFile() && !stat.isDirectory();
  } catch {
    return false;
  }
}
