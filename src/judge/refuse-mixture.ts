import { InputError, stepName } from '#errors.js';
import type { Fingerprint, StepRecord } from '#report/record.js';

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
      throw new InputError('E232', `${stepName(record.step)} of ${run} comes twice`, details);
    }
    if (!haveSameSettings(before, record)) {
      throw new InputError(
        'E233',
        `steps ${before.step} and ${record.step} of ${run} were measured with different settings: ${settingsApart(before.fingerprint, record.fingerprint)}`,
        { ...details, fields: { first: before.fingerprint, second: record.fingerprint } },
      );
    }
  }
}

/** Tests whether records were measured with the same settings; those of one invocation share one object. */
export function haveSameSettings(a: StepRecord, b: StepRecord): boolean {
  return a.fingerprint === b.fingerprint || namesApart(a.fingerprint, b.fingerprint).length === 0;
}

/** Says which settings differ, and how: 'seed 0 and 1, perStepAxis 1 and none'. */
export function settingsApart(a: Fingerprint, b: Fingerprint): string {
  const text = (value: unknown) => (value === undefined ? 'none' : String(value));
  return namesApart(a, b)
    .map((name) => {
      const [one, other] = [a[name], b[name]];
      if (Array.isArray(one) && Array.isArray(other)) return listsApart(name, one, other);
      return `${name} ${text(one)} and ${text(other)}`;
    })
    .join(', ');
}

function namesApart(a: Fingerprint, b: Fingerprint): string[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
}

function listsApart(name: string, a: readonly unknown[], b: readonly unknown[]): string {
  const only = [...a.filter((item) => !b.includes(item)), ...b.filter((item) => !a.includes(item))];
  return only.length === 0 ? `the order of ${name}` : `${name} (${only.join(', ')} in one of them alone)`;
}

/** Orders records by step; an unnumbered step comes first. */
export function byStep(a: StepRecord, b: StepRecord): number {
  return (a.step ?? -1) - (b.step ?? -1);
}
