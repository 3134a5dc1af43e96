import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { readError } from './system-error.js';

/**
 * Reads a whole text file as UTF-8; pipes too, so that a shell's `<(…)` works. A relative path is taken from `cwd`.
 * Throws `InputError` E201 or E202 naming `path` as it was given.
 */
export function readText(path: string, cwd = '.'): string {
  try {
    return readFileSync(resolve(cwd, path), 'utf8');
  } catch (cause) {
    throw readError(path, cause, 'read');
  }
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
