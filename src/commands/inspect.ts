import type { FlagValues } from '../options/flags.js';
import { inspectOptions } from '../options/inspect-options.js';
import { terminalFor } from '../options/terminal.js';
import { inspect as look } from '../pipeline/inspect.js';
import { nodeInspectIo } from '../pipeline/node-io.js';
import { formatError, formatWarning } from '../reporters/error-block.js';
import { inspectionTable } from '../reporters/inspection-table.js';
import { jsonText } from '../reporters/json-text.js';
import type { CommandContext } from './context.js';
import { readPaths } from './read-paths.js';

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
