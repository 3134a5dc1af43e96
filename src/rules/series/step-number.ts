import { InputError } from '#errors.js';

/**
 * Checks a training step's number and gives it back.
 *
 * @throws InputError E224 unless it is an integer >= 0.
 *
 * @example checkStep(500) // 500
 */
export function checkStep(step: number): number {
  if (!Number.isSafeInteger(step) || step < 0) {
    throw new InputError('E224', `step must be an integer >= 0, not ${String(step)}`, { fields: { step } });
  }
  return step;
}
