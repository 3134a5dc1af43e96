import { InputError } from '#errors.js';
import { damagedIn } from '../shared/damaged.js';

/** Makes the E204 for data that a decompressor refuses. */
export function undecodable(codec: string, cause: unknown): InputError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return damagedIn(`the ${codec} data are`)(why, { cause });
}

/** Makes the E204 for data that decompress to another length than they claim. */
export function mismatch(codec: string, expected: number, actual: number | 'more'): InputError {
  const message = `the ${codec} data claim ${expected} bytes and have ${actual === 'more' ? 'more' : actual}`;
  return new InputError('E204', message, { fields: { expected, actual } });
}
