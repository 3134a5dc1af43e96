import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '#errors.js';
import type { ByteSource } from './byte-source.js';
import { readError } from './system-error.js';

/** One `readSync` near 2 GiB returns short without saying so; far smaller reads cost nothing. */
const MAX_READ_BYTES = 256 * 2 ** 20;

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
  const fd = openRegular(path, resolve(cwd, path));
  let opened: { size: number; mtimeNs: bigint };
  try {
    opened = state(fd);
  } catch (cause) {
    closeSync(fd);
    throw readError(path, cause, 'read');
  }
  const byteLength = opened.size;
  let open = true;

  const check = (start: number, end: number): void => {
    if (start >= 0 && start <= end && end <= byteLength) return;
    throw new InputError('E203', `bytes ${start} to ${end} were asked for; the file has ${byteLength}`, {
      path,
      fields: { start, end, byteLength },
    });
  };

  const readInto = (target: Uint8Array, start: number): void => {
    check(start, start + target.length);
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
      let now: { size: number; mtimeNs: bigint };
      try {
        now = state(fd);
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

function openRegular(path: string, full: string): number {
  try {
    const stat = statSync(full);
    if (stat.isDirectory()) {
      throw new InputError('E201', 'this is a directory, not a file', { path, hint: 'name a file in it' });
    }
    if (!stat.isFile()) {
      throw new InputError('E202', 'this is not a regular file', {
        path,
        hint: 'pipes and devices cannot be read by ranges; save to a file first',
      });
    }
    return openSync(full, 'r');
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw readError(path, cause, 'open');
  }
}

function state(fd: number): { size: number; mtimeNs: bigint } {
  const stat = fstatSync(fd, { bigint: true });
  return { size: Number(stat.size), mtimeNs: stat.mtimeNs };
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
