import { withRuledMetrics } from '#judge/ruled-metrics.js';
import { checkHorizonRules } from '#options/check-horizon-rules.js';
import type { FlagValues } from '#options/flags.js';
import { gateOptions } from '#options/gate-options.js';
import { measureOptions } from '#options/measure-options.js';
import { outputsOf } from '#options/outputs.js';
import type { MeasureRecord } from '#report/record.js';
import type { CommandContext } from './input/context.js';
import { readPaths } from './input/read-paths.js';
import { settingsFor } from './input/settings.js';
import { judge } from './judge.js';
import { measureRecords } from './measure-records.js';
import { publish } from './output/publish.js';
import { RecordStream } from './output/record-stream.js';

/** Measures every step, judges, reports; the report's exit code. */
export async function check(
  paths: readonly string[],
  given: FlagValues,
  context: CommandContext,
): Promise<number> {
  const flags = settingsFor('check', given, context);
  const outputs = outputsOf(flags);
  const judging = gateOptions(flags);
  const asked = measureOptions(await readPaths(paths, context.stdin), flags);
  checkHorizonRules(asked, judging);
  const measuring = { ...asked, metrics: withRuledMetrics(asked.metrics, judging) };
  const records: MeasureRecord[] = [];
  const stream = new RecordStream(outputs, context.stdout);
  for await (const record of measureRecords(measuring, flags, context)) {
    records.push(record);
    stream.write(record);
  }
  const report = await judge(records, judging, flags, context);
  await publish({ report, records }, stream.others, flags, context);
  return report.exitCode;
}
