import { expect } from 'vitest';
import { CollapseError, InputError, UsageError } from '#errors.js';

/** What `act` throws; fails where it throws nothing. */
export function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return expect.fail('nothing was thrown');
}

/** The `InputError` that `act` throws; fails where it throws anything else, or nothing. */
export function inputErrorOf(act: () => unknown): InputError {
  const error = thrownBy(act);
  expect(error).toBeInstanceOf(InputError);
  expect(error).toBeInstanceOf(CollapseError);
  return error as InputError;
}

/** The same of a `UsageError`. */
export function usageErrorOf(act: () => unknown): UsageError {
  const error = thrownBy(act);
  expect(error).toBeInstanceOf(UsageError);
  return error as UsageError;
}
