import { InputError } from '#errors.js';

/** E211 for a value that is missing; it is never read as 0. */
export function nullAt(column: string, where: string): InputError {
  return new InputError('E211', `column ${JSON.stringify(column)} is null at ${where}`, {
    fields: { column },
  });
}
