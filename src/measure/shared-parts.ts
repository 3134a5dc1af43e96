import type { StepRecord } from '#report/record.js';

/** Lets the records of a run, which are all kept until its verdict, share what is the same at each step. */
export class SharedParts {
  #before: StepRecord | null = null;

  of(record: StepRecord): StepRecord {
    const before = this.#before;
    this.#before = record;
    if (before === null) return record;
    for (const role of Object.keys(record.inputs)) {
      const input = record.inputs[role]!;
      const shape = same(before.inputs[role]?.shape ?? [], input.shape);
      if (shape !== input.shape) Object.assign(input, { shape });
    }
    return Object.assign(record, {
      unavailable: same(before.unavailable, record.unavailable),
      estimates: same(before.estimates, record.estimates),
      notes: same(before.notes, record.notes),
      // Of one measurement, whichever thread it was made by.
      fingerprint: before.fingerprint,
    });
  }
}

/** Returns the earlier of two lists or records of the same numbers and texts, else the later. */
function same<Part extends object>(before: Part, now: Part): Part {
  const [a, b] = [before as Record<string, unknown>, now as Record<string, unknown>];
  const names = Object.keys(now);
  const isSame =
    Object.keys(before).length === names.length &&
    Object.keys(before).every((name, i) => name === names[i] && a[name] === b[name]);
  return isSame ? before : now;
}
