import { InputError } from '#errors.js';

/** Beyond this float64 has gaps between the integers. */
const MAX_EXACT = 2n ** 53n;

/**
 * One element of a batch as a number. NaN and infinities pass: the batch refuses them, naming row and column.
 *
 * @throws InputError E211 for null, E222 for a bigint beyond 2^53, E225 for anything else that is not a number
 * (booleans and strings are never converted).
 */
export function elementValue(argument: string, value: unknown, row: number, column: number): number {
  if (typeof value === 'number') return value;
  const fields = { argument, row, column };
  if (typeof value === 'bigint') {
    if (value >= -MAX_EXACT && value <= MAX_EXACT) return Number(value);
    throw new InputError('E222', `${argument} has ${value} at row ${row}, column ${column}, beyond 2^53`, {
      fields: { ...fields, value: String(value) },
    });
  }
  const message = `${argument} has ${kindOf(value)} at row ${row}, column ${column}`;
  throw new InputError(value === null ? 'E211' : 'E225', message, { fields });
}

/** What a value is, in an error message. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'undefined or a hole';
  if (typeof value === 'boolean') return 'a boolean';
  if (typeof value === 'string') return 'a string';
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`;
  if (typeof value === 'function') return 'a function';
  return Array.isArray(value) || ArrayBuffer.isView(value) ? 'an array' : `a value of type ${typeof value}`;
}
