import type { MeasureRecord } from '#report/record.js';

/**
 * The records without those that say that no steps were found in a run (E301) whose steps are in other records: a
 * shard whose --steps window held none is no fault of the run. A run without any step keeps its error.
 */
export function withoutEmptyShards(records: readonly MeasureRecord[]): MeasureRecord[] {
  const runs = new Set<string>();
  for (const record of records) if (record.type === 'step') runs.add(record.run);
  return records.filter(
    (record) =>
      record.type !== 'error' || record.code !== 'E301' || record.run === undefined || !runs.has(record.run),
  );
}
