import type { FlagValues } from '#options/flags.js';
import type { MeasureRecord } from '#report/record.js';
import type { CommandContext } from './input/context.js';
import { measureNamed } from './input/measure-records.js';
import { planFor } from './input/plan-for.js';
import { judge } from './judge.js';
import { publish } from './output/publish.js';
import { RecordStream } from './output/record-stream.js';

/** Measures every step, judges, reports; returns the report's exit code. */
export async function check(
  paths: readonly string[],
  given: FlagValues,
  context: CommandContext,
): Promise<number> {
  const planned = await planFor('check', paths, given, context);
  const { plan, flags } = planned;
  const records: MeasureRecord[] = [];
  const stream = new RecordStream(plan.outputs, context.stdout);
  for await (const record of measureNamed(planned, context)) {
    records.push(record);
    stream.write(record);
  }
  const report = await judge(records, planned, context);
  const { exitCode } = await publish({ report, records }, stream.others, flags, context);
  return exitCode;
}
