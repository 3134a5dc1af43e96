import { FLAGS, type FlagValues } from '#options/flags.js';
import { type PlannedCommand, planOf } from '#options/plan/plan-of.js';
import { terminalFor } from '#options/terminal.js';
import type { Plan } from '#plan.js';
import { OverwritingCheck } from '../output/refuse-overwriting.js';
import type { CommandContext } from './context.js';
import { readPaths } from './read-paths.js';
import { type Configuration, settingsFor } from './settings.js';

export interface Planned {
  readonly plan: Plan;
  readonly flags: FlagValues;
  /** A configuration that was found, not named, where it changes what the verdict means. */
  readonly configuration: Configuration | null;
  readonly overwriting: OverwritingCheck;
}

/** Returns what a command is asked for: by its flags, by a configuration file, and by paths on standard input for `-`. */
export async function planFor(
  command: PlannedCommand,
  paths: readonly string[],
  given: FlagValues,
  context: CommandContext,
): Promise<Planned> {
  const takesConfig = FLAGS.config.commands.includes(command);
  const { flags, read, configuration, warnings } = takesConfig
    ? settingsFor(command, given, context)
    : { flags: given, read: [], configuration: null, warnings: [] };
  if (warnings.length > 0) {
    const { formatWarning } = await import('#reporters/terminal/error-block.js');
    const onStderr = terminalFor(context.stderr, context.env, flags);
    for (const message of warnings) context.stderr.write(formatWarning({ message }, onStderr));
  }
  // Wrong usage is refused before standard input is read.
  const plan = planOf(command, flags, paths);
  const rest = { flags, configuration, overwriting: new OverwritingCheck(plan, flags, read, context.cwd) };
  if (plan.records.length > 0 || !paths.includes('-')) return { plan, ...rest };
  return { plan: planOf(command, flags, await readPaths(paths, context.stdin)), ...rest };
}
