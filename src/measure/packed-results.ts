import { noValues } from '#metrics/compute.js';
import type { MetricId } from '#metrics/ids.js';
import type { Fingerprint, StepRecord } from '#report/record.js';
import { same } from '#report/same.js';
import type { MeasuredStep } from './measure-step.js';

/** Of each step that a worker took. */
export type WorkerResult = readonly [index: number, measured: MeasuredStep];

/**
 * Results on their way to another thread. Records lack their values, which are numbers side by side, [results, metrics]:
 * whoever copies a record writes and reads the name of each metric. What records share is copied once.
 */
export interface PackedResults {
  readonly results: readonly WorkerResult[];
  /** NaN where a metric has no value. */
  readonly values: Float64Array;
}

export function packed(results: readonly WorkerResult[], metrics: readonly MetricId[]): PackedResults {
  const values = new Float64Array(results.length * metrics.length).fill(Number.NaN);
  const parts = new SharedParts();
  const without = results.map(([index, { outcome, warnings }], i): WorkerResult => {
    if (outcome.type !== 'step') return [index, { outcome, warnings }];
    for (const [j, id] of metrics.entries()) {
      const value = outcome.metrics[id];
      if (typeof value === 'number') values[i * metrics.length + j] = value;
    }
    return [index, { outcome: { ...parts.of(outcome), metrics: {} }, warnings }];
  });
  return { results: without, values };
}

/** @param fingerprint Of one measurement, whichever thread made a record. */
export function unpacked(
  { results, values }: PackedResults,
  metrics: readonly MetricId[],
  fingerprint: Fingerprint,
): WorkerResult[] {
  return results.map(([index, { outcome, warnings }], i) => {
    if (outcome.type !== 'step') return [index, { outcome, warnings }];
    const own = noValues(metrics);
    for (const [j, id] of metrics.entries()) {
      const value = values[i * metrics.length + j]!;
      if (!Number.isNaN(value)) own[id] = value;
    }
    return [index, { outcome: { ...outcome, metrics: own, fingerprint }, warnings }];
  });
}

/** Lets records share what is the same at each step: a clone has it once. */
class SharedParts {
  #before: StepRecord | null = null;

  of(record: StepRecord): StepRecord {
    const before = this.#before;
    this.#before = record;
    if (before === null) return record;
    for (const role of Object.keys(record.inputs)) {
      const input = record.inputs[role]!;
      const shape = same(before.inputs[role]?.shape, input.shape);
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
