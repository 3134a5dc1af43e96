import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '#errors.js';
import type { ByteSource } from './byte-source.js';
import { readError, systemCode } from './system-error.js';

/** One `readSync` near 2 GiB returns short without saying so; far smaller reads cost nothing. */
const MAX_READ_BYTES = 256 * 2 ** 20;

/** Read at once where any of it is asked for: headers, which are read piece by piece, and small files as a whole. */
const HEAD_BYTES = 4096;

export interface NodeFileOptions {
  /** What a relative path is relative to; the process's directory unless said. */
  readonly cwd?: string;
  readonly maxReadBytes?: number;
}

/**
 * Opens a regular file for reading by ranges. Reads are synchronous and looped, at most `maxReadBytes` each. Every
 * error names `path` as it was given, wherever `cwd` is.
 *
 * Throws `InputError` E201 for a missing path or a directory, E202 where the system refuses or the path is no
 * regular file (a FIFO would block for ever), E223 from a read or `verifyUnchanged` once size or time of
 * modification differ from what they were.
 */
export function openNodeFile(
  path: string,
  { cwd = '.', maxReadBytes = MAX_READ_BYTES }: NodeFileOptions = {},
): ByteSource {
  const { fd, ...opened } = openRegular(path, resolve(cwd, path));
  const byteLength = opened.size;
  let open = true;
  let head: Buffer | undefined;

  const readHead = (): Buffer => {
    const bytes = Buffer.allocUnsafe(Math.min(HEAD_BYTES, maxReadBytes, byteLength));
    return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0));
  };

  const check = (start: number, end: number): void => {
    if (start >= 0 && start <= end && end <= byteLength) return;
    throw new InputError('E203', `bytes ${start} to ${end} were asked for; the file has ${byteLength}`, {
      path,
      fields: { start, end, byteLength },
    });
  };

  const readInto = (target: Uint8Array, start: number): void => {
    check(start, start + target.length);
    if (start < HEAD_BYTES) {
      try {
        head ??= readHead();
      } catch (cause) {
        throw readError(path, cause, 'read');
      }
      if (start + target.length <= head.length) {
        target.set(head.subarray(start, start + target.length));
        return;
      }
    }
    for (let done = 0; done < target.length; ) {
      const want = Math.min(maxReadBytes, target.length - done);
      let got: number;
      try {
        got = readSync(fd, target, done, want, start + done);
      } catch (cause) {
        throw readError(path, cause, 'read');
      }
      if (got === 0) throw changed(path, 'size', byteLength, start + done);
      done += got;
    }
  };

  return {
    path,
    byteLength,
    readInto,
    slice(start, end) {
      check(start, end);
      const target = new Uint8Array(end - start);
      readInto(target, start);
      return target;
    },
    verifyUnchanged() {
      let now: Opened;
      try {
        now = openedState(fstatSync(fd, { bigint: true }));
      } catch (cause) {
        throw readError(path, cause, 'read');
      }
      if (now.size !== byteLength) throw changed(path, 'size', byteLength, now.size);
      if (now.mtimeNs !== opened.mtimeNs) throw changed(path, 'time', opened.mtimeNs, now.mtimeNs);
    },
    close() {
      if (!open) return;
      open = false;
      closeSync(fd);
    },
  };
}

interface Opened {
  readonly size: number;
  readonly mtimeNs: bigint;
}

function openRegular(path: string, full: string): Opened & { readonly fd: number } {
  let fd: number;
  try {
    // Opening a FIFO waits for its writer otherwise.
    fd = openSync(full, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    throw systemCode(cause) === 'EISDIR' ? isDirectory(path) : readError(path, cause, 'open');
  }
  try {
    const stat = fstatSync(fd, { bigint: true });
    if (stat.isDirectory()) throw isDirectory(path);
    if (!stat.isFile()) {
      throw new InputError('E202', 'this is not a regular file', {
        path,
        hint: 'pipes and devices cannot be read by ranges; save to a file first',
      });
    }
    return { fd, ...openedState(stat) };
  } catch (cause) {
    closeSync(fd);
    throw cause instanceof InputError ? cause : readError(path, cause, 'open');
  }
}

function isDirectory(path: string): InputError {
  return new InputError('E201', 'this is a directory, not a file', { path, hint: 'name a file in it' });
}

function openedState({ size, mtimeNs }: BigIntStats): Opened {
  return { size: Number(size), mtimeNs };
}

function changed(
  path: string,
  what: 'size' | 'time',
  before: number | bigint,
  after: number | bigint,
): InputError {
  const message =
    what === 'size'
      ? `the file had ${before} bytes when opened and now ends at ${after}`
      : 'the file was written to while it was read';
  return new InputError('E223', message, { path, fields: { before: String(before), after: String(after) } });
}
