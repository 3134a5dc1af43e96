import { appendFileSync } from 'node:fs';
import { OutputError } from '#errors.js';
import { systemCode, systemReason } from './system-error.js';

/** Adds to the end of a file, which is created if it is missing. Throws `OutputError` E401. */
export function appendFile(path: string, content: string | Uint8Array): void {
  try {
    appendFileSync(path, content);
  } catch (cause) {
    throw new OutputError('E401', `cannot append: ${systemReason(cause)}`, {
      path,
      cause,
      fields: { systemCode: systemCode(cause) },
    });
  }
}
