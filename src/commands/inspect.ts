import { inspect as look } from '#inspect/inspect.js';
import { nodeInspectIo } from '#inspect/node-io.js';
import type { FlagValues } from '#options/flags.js';
import { inspectOptions } from '#options/inspect-options.js';
import { terminalFor } from '#options/terminal.js';
import { jsonText } from '#reporters/machine/json-text.js';
import { formatError, formatWarning } from '#reporters/terminal/error-block.js';
import { inspectionTable } from '#reporters/terminal/inspection-table.js';
import type { CommandContext } from './input/context.js';
import { readPaths } from './input/read-paths.js';

/** Tells what each file holds: 0, or 3 where one is missing or damaged. */
export async function inspect(
  paths: readonly string[],
  flags: FlagValues,
  { cwd, env, stdin, stdout, stderr, version }: CommandContext,
): Promise<number> {
  const options = inspectOptions(await readPaths(paths, stdin), flags);
  const inspection = await look(options, nodeInspectIo(cwd, options), version);
  const onStderr = terminalFor(stderr, env, flags);
  for (const { path, warnings } of inspection.files) {
    for (const message of warnings) stderr.write(formatWarning({ path, message }, onStderr));
  }
  for (const error of inspection.errors) stderr.write(formatError(error, onStderr));
  const style = { ...terminalFor(stdout, env, flags), ascii: flags.ascii ?? false };
  stdout.write(flags.json ? `${jsonText(inspection, 2)}\n` : inspectionTable(inspection, style));
  return inspection.exitCode;
}
