import type { FlagValues } from '#options/flags.js';
import type { CommandContext } from './input/context.js';
import { planFor } from './input/plan-for.js';
import { readRecords } from './input/read-records.js';
import { judge } from './judge.js';
import { publish } from './output/publish.js';

/** Judges records of `measure`, or of `check -o ndjson=…`, from any number of files; returns the report's exit code. */
export async function gate(
  paths: readonly string[],
  given: FlagValues,
  context: CommandContext,
): Promise<number> {
  const planned = await planFor('gate', paths, given, context);
  const { plan, flags } = planned;
  const { Tables } = await import('./input/read-tables.js');
  const records = await readRecords(plan.records, context, {
    mayBeParts: flags.state !== undefined,
    maxMemory: plan.measuring.maxMemory,
    isWritten: flags.state !== undefined || plan.outputs.some(({ format }) => format === 'json'),
    tables: new Tables(flags),
  });
  const report = await judge(records, planned, context);
  const { exitCode } = await publish({ report, records }, plan.outputs, flags, context);
  return exitCode;
}
