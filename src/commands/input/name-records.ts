import { UsageError } from '#errors.js';
import type { MeasureRecord } from '#report/record.js';

/** What a run and its only step are called in place of what their paths say. */
export interface RecordNames {
  readonly run?: string | undefined;
  readonly step?: number | undefined;
}

/**
 * Gives the records of one run, and of its only step, the names that were asked for. Throws `UsageError` E104 at the
 * record of a second run or step.
 */
export async function* nameRecords(
  records: AsyncIterable<MeasureRecord>,
  names: RecordNames,
): AsyncGenerator<MeasureRecord> {
  const runs = new Set<string>();
  const steps = new Set<number | null>();
  for await (const record of records) {
    if (record.type === 'summary') {
      yield record;
      continue;
    }
    const { run, step } = record;
    if (run !== undefined) runs.add(run);
    if (record.type !== 'warning' && step !== undefined) steps.add(step);
    if (names.run !== undefined) refuseSecond('--run', 'run', [...runs]);
    if (names.step !== undefined) refuseSecond('--step', 'step', [...steps]);
    yield {
      ...record,
      ...(run === undefined || names.run === undefined ? {} : { run: names.run }),
      ...(step === undefined || names.step === undefined ? {} : { step: names.step }),
    } as MeasureRecord;
  }
}

function refuseSecond(flag: string, what: string, found: readonly (string | number | null)[]): void {
  if (found.length < 2) return;
  throw new UsageError('E104', `${flag} names one ${what}, and there are more: ${found[0]} and ${found[1]}`, {
    hint: `name the paths of one ${what}, or leave ${flag} out`,
  });
}
