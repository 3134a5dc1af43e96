import { exitCodeOfError, worstExitCode } from '#exit-code.js';
import type { FlagValues } from '#options/flags.js';
import { terminalFor } from '#options/terminal.js';
import type { ErrorRecord } from '#report/record.js';
import { formatError, formatWarning } from '#reporters/terminal/error-block.js';
import { groupErrors } from '#reporters/view/group-errors.js';
import type { CommandContext } from './input/context.js';
import { measureNamed } from './input/measure-records.js';
import { planFor } from './input/plan-for.js';
import { RecordStream } from './output/record-stream.js';

/** Writes one record a step as it is measured; returns 0, or 3 where an input cannot be read, or 4 without steps. */
export async function measure(
  paths: readonly string[],
  given: FlagValues,
  context: CommandContext,
): Promise<number> {
  const planned = await planFor('measure', paths, given, context);
  const { plan, flags } = planned;
  const terminal = terminalFor(context.stderr, context.env, flags);
  const stream = new RecordStream(plan.outputs, context.stdout);
  const errors: ErrorRecord[] = [];
  try {
    for await (const record of measureNamed(planned, context)) {
      stream.write(record);
      if (record.type === 'warning') context.stderr.write(formatWarning(record, terminal));
      if (record.type === 'error') errors.push(record);
    }
  } finally {
    // At the end, as one error of many steps is said once.
    for (const error of groupErrors(errors)) context.stderr.write(formatError(error, terminal));
  }
  return worstExitCode(errors.map(({ code }) => exitCodeOfError(code)));
}
