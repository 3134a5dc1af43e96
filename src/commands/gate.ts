import { UsageError } from '#errors.js';
import type { FlagValues } from '#options/flags.js';
import { gateOptions } from '#options/gate-options.js';
import { outputsOf } from '#options/outputs.js';
import type { MeasureRecord } from '#report/record.js';
import type { CommandContext } from './input/context.js';
import { readRecords } from './input/read-records.js';
import { settingsFor } from './input/settings.js';
import { judge } from './judge.js';
import { publish } from './output/publish.js';

/** Judges the records of `measure`, or of `check -o ndjson=…`, from any number of files; the report's exit code. */
export async function gate(
  paths: readonly string[],
  given: FlagValues,
  context: CommandContext,
): Promise<number> {
  const flags = settingsFor('gate', given, context);
  const outputs = outputsOf(flags);
  const judging = gateOptions(flags);
  if (paths.length === 0) {
    throw new UsageError('E103', 'no records given', {
      hint: 'name files that `collapse measure` wrote, or `-` for standard input',
    });
  }
  const records: MeasureRecord[] = [];
  for (const path of paths) {
    records.push(...(await readRecords(path, context, { mayBeParts: flags.state !== undefined })));
  }
  const report = await judge(records, judging, flags, context);
  await publish({ report, records }, outputs, flags, context);
  return report.exitCode;
}
