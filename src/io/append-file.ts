import { appendFileSync } from 'node:fs';
import { OutputError } from '../errors.js';
import { systemCode } from './system-error.js';

/** Adds to the end of a file, which is created if it is missing. Throws `OutputError` E401. */
export function appendFile(path: string, content: string | Uint8Array): void {
  try {
    appendFileSync(path, content);
  } catch (cause) {
    const code = systemCode(cause);
    throw new OutputError('E401', `cannot append: the system says ${code}`, {
      path,
      cause,
      fields: { systemCode: code },
    });
  }
}
