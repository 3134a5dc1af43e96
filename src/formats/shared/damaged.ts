import { type ErrorDetails, InputError } from '#errors.js';

/** Makes the E204 for data that contradict themselves; `what` says how. */
export type Damaged = (what: string, details?: ErrorDetails) => InputError;

/**
 * Returns what makes the E204 for one kind of data: `subject` is 'the Arrow file is', and `part` 'a header' where all
 * that is said is about that.
 */
export function damagedIn(subject: string, part?: string): Damaged {
  const begin = `${subject} damaged:${part === undefined ? '' : ` ${part}`}`;
  return (what, details) => new InputError('E204', `${begin} ${what}`, details);
}
