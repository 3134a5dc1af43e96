import { CollapseError } from '#errors.js';

/** Runs `action`, adding to `errors` what the input is to blame for; anything else is a bug and goes on. */
export function attempt(errors: CollapseError[], action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof CollapseError)) throw error;
    errors.push(error);
  }
}
