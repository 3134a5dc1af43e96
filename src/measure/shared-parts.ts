import type { StepRecord } from '#report/record.js';

/** Lets the records of a run, which are all kept until its verdict, share what is the same at each step. */
export class SharedParts {
  #before: StepRecord | null = null;

  of(record: StepRecord): StepRecord {
    const before = this.#before;
    this.#before = record;
    if (before === null) return record;
    const inputs: Record<string, StepRecord['inputs'][string]> = {};
    for (const [role, input] of Object.entries(record.inputs)) {
      const shape = same(before.inputs[role]?.shape ?? [], input.shape);
      inputs[role] = shape === input.shape ? input : { ...input, shape };
    }
    this.#before = {
      ...record,
      inputs,
      unavailable: same(before.unavailable, record.unavailable),
      estimates: same(before.estimates, record.estimates),
      notes: same(before.notes, record.notes),
      // Of one measurement, whichever thread it was made by.
      fingerprint: before.fingerprint,
    };
    return this.#before;
  }
}

/** Returns the earlier of two lists or records of the same numbers and texts, else the later. */
function same<Part extends object>(before: Part, now: Part): Part {
  const [a, b] = [Object.entries(before), Object.entries(now)];
  return a.length === b.length && a.every(([key, value], i) => b[i]![0] === key && b[i]![1] === value)
    ? before
    : now;
}
