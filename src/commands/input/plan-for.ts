import { FLAGS, type FlagValues } from '#options/flags.js';
import { type PlannedCommand, planOf } from '#options/plan/plan-of.js';
import type { Plan } from '#plan.js';
import type { CommandContext } from './context.js';
import { readPaths } from './read-paths.js';
import { settingsFor } from './settings.js';

/** Returns what a command is asked for: by its flags, by a configuration file, and by paths on standard input for `-`. */
export async function planFor(
  command: PlannedCommand,
  paths: readonly string[],
  given: FlagValues,
  context: CommandContext,
): Promise<{ readonly plan: Plan; readonly flags: FlagValues }> {
  const takesConfig = FLAGS.config.commands.includes(command);
  const flags = takesConfig ? settingsFor(command, given, context) : given;
  // Wrong usage is refused before standard input is read.
  const plan = planOf(command, flags, paths);
  if (plan.records.length > 0 || !paths.includes('-')) return { plan, flags };
  return { plan: planOf(command, flags, await readPaths(paths, context.stdin)), flags };
}
