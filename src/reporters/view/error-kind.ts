import { ERROR_CODES, type ErrorCode } from '#errors.js';

/** Tells whether an error is about too little to judge, and no input that failed. */
export function isNoData(code: ErrorCode): boolean {
  return ERROR_CODES[code].kind === 'no data';
}
