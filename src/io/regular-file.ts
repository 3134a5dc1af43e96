import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync } from 'node:fs';
import { geteuid } from 'node:process';
import { InputError } from '#errors.js';
import { readText } from './read-text.js';
import { readError } from './system-error.js';

/** What a shell's `<(…)` and `-` become; whoever writes these names knows that they are read to their end. */
const PIPE_OF_SHELL = /^\/dev\/(?:stdin|fd\/\d+)$/;

/** Tests for what a shell's `<(…)` becomes. */
export function isPipeOfShell(path: string): boolean {
  return PIPE_OF_SHELL.test(path);
}

/**
 * Reads a whole regular file as UTF-8, never more than the size it has when opened. Throws `InputError` E201 or E202, also
 * for a FIFO, a device or a file of more than `mostBytes`.
 *
 * @param takesPipe Reads `/dev/stdin` and `/dev/fd/N` to their end.
 */
export function readRegular(
  path: string,
  { mostBytes, takesPipe = false }: { readonly mostBytes: number; readonly takesPipe?: boolean },
): string {
  if (takesPipe && isPipeOfShell(path)) return readText(path);
  let fd: number;
  try {
    // Opening a FIFO waits for its writer otherwise.
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    throw readError(path, cause, 'open');
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) {
      const what = stat.isDirectory() ? 'it is a directory' : 'this is not a regular file';
      throw new InputError('E202', `cannot read: ${what}`, { path });
    }
    if (stat.size > mostBytes) {
      throw new InputError('E202', `it has ${stat.size} bytes, more than ${mostBytes}`, { path });
    }
    const bytes = Buffer.alloc(stat.size);
    let done = 0;
    for (let got = -1; got !== 0 && done < bytes.length; done += got) {
      got = readSync(fd, bytes, done, bytes.length - done, done);
    }
    return bytes.toString('utf8', 0, done);
  } catch (cause) {
    throw cause instanceof InputError ? cause : readError(path, cause, 'read');
  } finally {
    closeSync(fd);
  }
}

/** Tests whether a file, or the link that leads to it, belongs to another user; false where the system does not say. */
export function isOfAnotherOwner(path: string): boolean {
  const own = geteuid?.();
  return own !== undefined && [lstatSync(path), statSync(path)].some(({ uid }) => uid !== own);
}

/** Enough of a file to meet the sizes and signatures of binary formats. */
const HEAD = 1024;

/** Tests for a regular file that is no text: there is a zero byte near its start. */
export function isBinary(path: string): boolean {
  try {
    if (!statSync(path).isFile()) return false;
    const fd = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(HEAD);
      return bytes.subarray(0, readSync(fd, bytes, 0, HEAD, 0)).includes(0);
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  }
}
