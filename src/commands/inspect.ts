import { UsageError } from '#errors.js';
import { inspect as look } from '#inspect/inspect.js';
import type { FlagValues } from '#options/flags.js';
import { DEFAULT_MAX_MEMORY } from '#options/plan/measure-plan.js';
import { terminalFor } from '#options/terminal.js';
import { jsonText } from '#reporters/machine/json-text.js';
import { formatError, formatWarning } from '#reporters/terminal/error-block.js';
import { inspectionTable } from '#reporters/terminal/inspection-table.js';
import type { CommandContext } from './input/context.js';
import { readPaths, refuseArray } from './input/read-paths.js';

/** Prints what each file holds; returns 0, or 3 where one is missing or damaged. */
export async function inspect(
  paths: readonly string[],
  flags: FlagValues,
  { cwd, env, stdin, stdout, stderr, version }: CommandContext,
): Promise<number> {
  const maxMemory = flags.maxMemory ?? DEFAULT_MAX_MEMORY;
  const { paths: files, array } = await readPaths(paths, stdin, maxMemory);
  if (array !== null) throw refuseArray();
  if (files.length === 0) {
    throw new UsageError('E103', 'no file given', {
      hint: 'name files, such as `collapse inspect run/step_500/prediction.npy`, or `-` for paths on standard input',
    });
  }
  const options = {
    paths: files,
    values: flags.values ?? false,
    maxMemory,
    ...(flags.dtype === undefined ? {} : { rawDtype: flags.dtype }),
  };
  const inspection = await look(options, cwd, version);
  const onStderr = terminalFor(stderr, env, flags);
  for (const { path, warnings } of inspection.files) {
    for (const message of warnings) stderr.write(formatWarning({ path, message }, onStderr));
  }
  for (const error of inspection.errors) stderr.write(formatError(error, onStderr));
  const style = {
    ...terminalFor(stdout, env, flags),
    ascii: flags.ascii ?? false,
    verbose: flags.verbose ?? false,
  };
  stdout.write(flags.json ? `${jsonText(inspection, 2)}\n` : inspectionTable(inspection, style));
  return inspection.exitCode;
}
