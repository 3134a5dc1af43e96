import { exitCodeOfError, worstExitCode } from '#exit-code.js';
import type { FlagValues } from '#options/flags.js';
import { measureOptions } from '#options/measure-options.js';
import { terminalFor } from '#options/terminal.js';
import { recordLine } from '#reporters/machine/record-line.js';
import { formatError, formatWarning } from '#reporters/terminal/error-block.js';
import type { CommandContext } from './input/context.js';
import { readPaths } from './input/read-paths.js';
import { settingsFor } from './input/settings.js';
import { measureRecords } from './measure-records.js';

/** Writes one record a step as it is measured: 0, or 3 where an input could not be read, or 4 without steps. */
export async function measure(
  paths: readonly string[],
  given: FlagValues,
  context: CommandContext,
): Promise<number> {
  const flags = settingsFor('measure', given, context);
  const measuring = measureOptions(await readPaths(paths, context.stdin), flags);
  const terminal = terminalFor(context.stderr, context.env, flags);
  const codes: number[] = [];
  for await (const record of measureRecords(measuring, flags, context)) {
    if (record.type === 'warning') {
      context.stderr.write(formatWarning(record, terminal));
      continue;
    }
    context.stdout.write(recordLine(record));
    if (record.type === 'error') {
      context.stderr.write(formatError(record, terminal));
      codes.push(exitCodeOfError(record.code));
    }
  }
  return worstExitCode(codes);
}
