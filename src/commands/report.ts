import type { FlagValues } from '#options/flags.js';
import type { MeasureRecord } from '#report/record.js';
import type { CommandContext } from './input/context.js';
import { measureRecords } from './input/measure-records.js';
import { planFor } from './input/plan-for.js';
import { readRecords } from './input/read-records.js';
import { judge } from './judge.js';
import { publish } from './output/publish.js';
import { ReportFiles } from './output/report-files.js';

/** Writes the HTML page of runs, or of records, and the verdict to stdout; returns the report's exit code. */
export async function report(
  paths: readonly string[],
  given: FlagValues,
  context: CommandContext,
): Promise<number> {
  const planned = await planFor('report', paths, given, context);
  const { plan, flags } = planned;
  const records: MeasureRecord[] = await readRecords(plan.records, context, plan.measuring);
  if (plan.records.length === 0) {
    for await (const record of measureRecords(planned, context)) records.push(record);
  }
  const judged = await judge(records, planned, context);
  const { exitCode } = await publish(
    { report: judged, records },
    plan.outputs,
    { ...flags, quiet: true },
    context,
    new ReportFiles(plan.outputs, flags, context.cwd),
    !flags.quiet,
  );
  return exitCode;
}
