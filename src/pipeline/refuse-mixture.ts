import { isDeepStrictEqual } from 'node:util';
import { InputError } from '../errors.js';
import type { StepRecord } from '../report/record.js';

/**
 * Checks one run's records, sorted by step. Throws `InputError` E232 where a step comes twice, and E233 where records
 * were measured with different settings.
 */
export function refuseMixture(run: string, steps: readonly StepRecord[]): void {
  for (const [i, record] of steps.entries()) {
    const before = steps[i - 1];
    if (before === undefined) continue;
    const details = { path: run, step: record.step };
    if (before.step === record.step) {
      const name = record.step === null ? 'the unnumbered step' : `step ${record.step}`;
      throw new InputError('E232', `${name} of ${run} comes twice`, details);
    }
    if (!isDeepStrictEqual(before.fingerprint, record.fingerprint)) {
      throw new InputError(
        'E233',
        `steps ${before.step} and ${record.step} of ${run} were measured with different settings`,
        { ...details, fields: { first: before.fingerprint, second: record.fingerprint } },
      );
    }
  }
}

/** By step; an unnumbered step comes first. */
export function byStep(a: StepRecord, b: StepRecord): number {
  return (a.step ?? -1) - (b.step ?? -1);
}
