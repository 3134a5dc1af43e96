import { constants } from 'node:buffer';
import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '#errors.js';
import { readError } from './system-error.js';

/** What a string can hold. */
export const MOST_TEXT = constants.MAX_STRING_LENGTH;
const CHUNK_BYTES = 2 ** 16;

type Keep = (chunk: Uint8Array) => boolean;

/**
 * Reads a whole text file as UTF-8; pipes too, so that a shell's `<(…)` works. A relative path is taken from `cwd`.
 * Throws `InputError` E201 or E202 naming `path` as it was given, the latter also past `MOST_TEXT` bytes: a device may have
 * no end. Each chunk of a pipe is kept where `keep` says so; what it throws ends the reading.
 */
export function readText(path: string, cwd = '.', keep: Keep = () => true): string {
  try {
    const fd = openSync(resolve(cwd, path), 'r');
    try {
      const stat = fstatSync(fd);
      if (stat.size > MOST_TEXT) throw tooLong(path);
      return stat.isFile() || stat.isDirectory() ? readFileSync(fd, 'utf8') : readToEnd(fd, path, keep);
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    throw cause instanceof InputError ? cause : readError(path, cause, 'read');
  }
}

function readToEnd(fd: number, path: string, keep: Keep): string {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let text = '';
  let length = 0;
  for (let got = readSync(fd, chunk); got > 0; got = readSync(fd, chunk)) {
    const bytes = chunk.subarray(0, got);
    length += got;
    if (length > MOST_TEXT) throw tooLong(path);
    if (keep(bytes)) text += decoder.decode(bytes, { stream: true });
    else text = '';
  }
  return text + decoder.decode();
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

/** Returns the bytes of a file; 0 where it cannot be looked at: reading it will say why. */
export function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
