import { UsageError } from '#errors.js';
import { gate } from '#judge/gate.js';
import { withRuledMetrics } from '#judge/ruled-metrics.js';
import { withoutEmptyShards } from '#judge/without-empty-shards.js';
import { checkHorizonRules } from '#options/check-horizon-rules.js';
import type { FlagValues } from '#options/flags.js';
import { gateOptions } from '#options/gate-options.js';
import { measureOptions } from '#options/measure-options.js';
import type { OutputRequest } from '#options/output-request.js';
import type { MeasureRecord } from '#report/record.js';
import type { CommandContext } from './input/context.js';
import { readPaths } from './input/read-paths.js';
import { readRecords } from './input/read-records.js';
import { settingsFor } from './input/settings.js';
import { measureRecords } from './measure-records.js';
import { publish } from './output/publish.js';

const RECORDS = /\.(ndjson|jsonl)$/i;

/** Writes the HTML page of a run, or of records, and the verdict to stdout; the report's exit code. */
export async function report(
  given: readonly string[],
  onCommandLine: FlagValues,
  context: CommandContext,
): Promise<number> {
  const flags = settingsFor('report', onCommandLine, context);
  const judging = gateOptions(flags);
  const recorded = given.filter((path) => RECORDS.test(path));
  if (recorded.length > 0 && recorded.length < given.length) {
    throw new UsageError('E104', 'records and runs cannot be mixed in one report', {
      hint: 'run `collapse measure` on the runs first, and report all the records',
    });
  }
  const records: MeasureRecord[] = [];
  if (recorded.length > 0) {
    for (const path of recorded) records.push(...(await readRecords(path, context)));
  } else {
    const asked = measureOptions(await readPaths(given, context.stdin), flags);
    checkHorizonRules(asked, judging);
    const measuring = {
      ...asked,
      metrics: withRuledMetrics(asked.metrics, judging),
      spectrum: !flags.noSpectrum,
    };
    for await (const record of measureRecords(measuring, flags, context)) records.push(record);
  }
  const judged = gate(withoutEmptyShards(records), judging, context.version);
  await publish(
    { report: judged, records },
    outputsFor(flags.page ?? 'report.html'),
    { ...flags, quiet: true },
    context,
  );
  return judged.exitCode;
}

function outputsFor(page: string): OutputRequest[] {
  if (page === '-') return [{ format: 'html', path: null }];
  return [
    { format: 'html', path: page },
    { format: 'table', path: null },
  ];
}
