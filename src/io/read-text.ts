import { readFileSync } from 'node:fs';
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
