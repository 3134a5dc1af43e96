import { InputError } from '#errors.js';

/** The regulariser's KL term in nats, negative allowed, or 'computed' for its closed form on the targets. */
export type KlRegInput = number | 'computed';

/**
 * The `klReg` of a batch. The library judges either form: only the command line knows a number that was not asked for.
 *
 * @throws InputError E221 when it is missing, NaN, infinite or anything else.
 */
export function checkKlReg(klReg: unknown): KlRegInput {
  if (klReg === 'computed' || (typeof klReg === 'number' && Number.isFinite(klReg))) return klReg;
  const what = klReg === undefined ? 'is missing' : `is ${String(klReg)}`;
  throw new InputError('E221', `klReg ${what}; it must be a finite number or 'computed'`, {
    fields: { argument: 'klReg', actual: klReg },
    hint: "pass the step's regulariser loss, or 'computed'",
  });
}
