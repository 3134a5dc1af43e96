import { exitCodeOfError, worstExitCode } from '#exit-code.js';
import { examine } from '#measure/examine.js';
import { nodeMeasureIo } from '#measure/node-io.js';
import type { FlagValues } from '#options/flags.js';
import { measureOptions } from '#options/measure-options.js';
import { terminalFor } from '#options/terminal.js';
import { doctorText } from '#reporters/terminal/doctor.js';
import type { CommandContext } from './input/context.js';
import { readPaths } from './input/read-paths.js';

/** Tells what would be measured and all that stands in its way: 0, 3 where something is wrong, 4 without steps. */
export async function doctor(
  paths: readonly string[],
  flags: FlagValues,
  { cwd, env, stdin, stdout }: CommandContext,
): Promise<number> {
  const options = measureOptions(await readPaths(paths, stdin), flags);
  const examination = await examine(options, nodeMeasureIo(cwd, options));
  stdout.write(
    doctorText(examination, {
      ...terminalFor(stdout, env, flags),
      ascii: flags.ascii ?? false,
      verbose: flags.verbose ?? false,
    }),
  );
  const problems = [...examination.problems, ...examination.runs.flatMap((run) => run.problems)];
  return worstExitCode(problems.map(({ code }) => exitCodeOfError(code)));
}
