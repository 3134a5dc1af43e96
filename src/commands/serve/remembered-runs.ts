import { isDeepStrictEqual } from 'node:util';
import type { StepRecord } from '#report/record.js';

/** Values of metrics that are remembered over all runs; some tens of megabytes. */
const MOST_VALUES = 2_000_000;
/** Steps that are remembered of a run: judging them takes some 50 µs each. */
const MOST_STEPS = 2000;
/** Where a run must be thinned, its first steps stay, for they are what later ones are compared with. */
const FIRST_KEPT = 100;

/** The measured steps of each run, in the order of steps, within a bound. */
export class RememberedRuns {
  /** The run that was asked for last comes last. */
  readonly #runs = new Map<string, readonly StepRecord[]>();
  readonly #mostValues: number;

  constructor(mostValues = MOST_VALUES) {
    this.#mostValues = mostValues;
  }

  has(run: string): boolean {
    return this.#runs.has(run);
  }

  of(run: string): readonly StepRecord[] {
    return this.#runs.get(run) ?? [];
  }

  /** Remembers what an earlier process had measured. */
  begin(run: string, records: readonly StepRecord[]): void {
    this.#runs.set(run, records);
  }

  /**
   * Adds the steps measured now, ascending, and forgets those that they replace: from the first of them on, as a job that resumed
   * from an earlier checkpoint went another way; or all, where they were measured with other settings.
   *
   * @returns Why earlier steps were forgotten; null where they follow on.
   */
  add(run: string, measured: readonly StepRecord[]): 'earlier step' | 'other settings' | null {
    const [first] = measured;
    if (first === undefined) return null;
    const before = this.of(run);
    const isSame = before.every(({ fingerprint }) => isDeepStrictEqual(fingerprint, first.fingerprint));
    const kept = isSame ? before.filter(({ step }) => isBefore(step, first.step)) : [];
    this.#runs.delete(run);
    this.#runs.set(run, kept.concat(measured));
    this.#makeRoom(run);
    if (kept.length === before.length) return null;
    return isSame ? 'earlier step' : 'other settings';
  }

  #makeRoom(run: string): void {
    let values = 0;
    for (const records of this.#runs.values()) values += valuesOf(records);
    for (const [other, records] of this.#runs) {
      if (values <= this.#mostValues || other === run) break;
      values -= valuesOf(records);
      this.#runs.delete(other);
    }
    const records = [...this.of(run)];
    const isFull = () => values > this.#mostValues || records.length > MOST_STEPS;
    while (isFull() && records.length > FIRST_KEPT + 1) {
      values -= valuesOf(records.splice(FIRST_KEPT, 1));
    }
    this.#runs.set(run, records);
  }
}

function isBefore(a: number | null, b: number | null): boolean {
  return a !== null && b !== null && a < b;
}

function valuesOf(records: readonly StepRecord[]): number {
  return records.reduce(
    (sum, { metrics, horizons }) => sum + Object.keys(metrics).length * (1 + (horizons?.numbers.length ?? 0)),
    0,
  );
}
