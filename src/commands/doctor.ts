import { exitCodeOfError, worstExitCode } from '#exit-code.js';
import { examine } from '#measure/examine.js';
import { nodeMeasureIo } from '#measure/node-io.js';
import type { FlagValues } from '#options/flags.js';
import { terminalFor } from '#options/terminal.js';
import { doctorText } from '#reporters/terminal/doctor.js';
import type { CommandContext } from './input/context.js';
import { planFor } from './input/plan-for.js';

/** Prints what would be measured and all that stands in its way; returns 0, 3 where something is wrong, 4 without steps. */
export async function doctor(
  paths: readonly string[],
  flags: FlagValues,
  context: CommandContext,
): Promise<number> {
  const { cwd, env, stdout } = context;
  const { measuring } = (await planFor('doctor', paths, flags, context)).plan;
  const examination = await examine(measuring, nodeMeasureIo(cwd, measuring));
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
