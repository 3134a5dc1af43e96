import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { OutputError } from '#errors.js';
import { systemCode, systemReason } from './system-error.js';

/**
 * Writes text after the first `length` bytes of a file, over what an unfinished writer left there, and flushes it. Returns
 * false, with nothing done, where the file cannot be opened for that or is shorter. Throws `OutputError` E401 where the text
 * cannot be written whole; the first `length` bytes are left then.
 */
export function appendDurably(path: string, text: string, length: number): boolean {
  let fd: number;
  try {
    fd = openSync(path, 'r+');
  } catch {
    return false;
  }
  try {
    const { size } = fstatSync(fd);
    if (size < length) return false;
    if (size > length) ftruncateSync(fd, length);
    const bytes = Buffer.from(text);
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(fd, bytes, done, bytes.length - done, length + done);
      }
      fsyncSync(fd);
    } catch (cause) {
      ftruncateSync(fd, length);
      throw cause;
    }
    return true;
  } catch (cause) {
    throw new OutputError('E401', `cannot write: ${systemReason(cause)}`, {
      path,
      cause,
      fields: { systemCode: systemCode(cause) },
    });
  } finally {
    closeSync(fd);
  }
}
