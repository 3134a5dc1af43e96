import { readFileSync } from 'node:fs';
import { readError } from './system-error.js';

/** A whole text file as UTF-8; pipes too, so that a shell's `<(…)` works. `InputError` E201 or E202. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw readError(path, cause, 'read');
  }
}
