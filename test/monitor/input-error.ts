import { expect } from 'vitest';
import { CollapseError, InputError } from '#errors.js';

/** The `InputError` that `act` throws; fails where it throws anything else, or nothing. */
export function inputErrorOf(act: () => unknown): InputError {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect(error).toBeInstanceOf(CollapseError);
    return error as InputError;
  }
  return expect.fail('nothing was thrown');
}
