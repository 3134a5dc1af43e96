import { InputError, UsageError } from '../errors.js';
import { readText } from '../io/read-text.js';
import type { FlagValues } from '../options/flags.js';
import { gateOptions } from '../options/gate-options.js';
import { outputsOf } from '../options/outputs.js';
import { parseMeasureRecord } from '../report/parse-record.js';
import type { MeasureRecord } from '../report/record.js';
import type { CommandContext } from './context.js';
import { judge } from './judge.js';
import { publish } from './publish.js';
import { readAll } from './read-paths.js';
import { settingsFor } from './settings.js';

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
    const text = path === '-' ? await readAll(context.stdin) : readText(path, context.cwd);
    records.push(...(await recordsOf(text, path === '-' ? 'standard input' : path)));
  }
  const report = await judge(records, judging, flags, context);
  await publish({ report, records }, outputs, flags, context);
  return report.exitCode;
}

async function recordsOf(text: string, path: string): Promise<MeasureRecord[]> {
  const records: MeasureRecord[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      records.push(await parseMeasureRecord(JSON.parse(line)));
    } catch (cause) {
      const why = cause instanceof InputError ? cause.message : 'it is not JSON';
      throw new InputError('E231', `line ${i + 1} is not a measure record: ${why}`, { path, cause });
    }
  }
  return records;
}
