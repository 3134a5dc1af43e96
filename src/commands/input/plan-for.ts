import type { MemoryFile } from '#measure/memory-io.js';
import { METRIC_IDS } from '#metrics/ids.js';
import { FLAGS, type FlagValues } from '#options/flags.js';
import { type PlannedCommand, planOf } from '#options/plan/plan-of.js';
import { terminalFor } from '#options/terminal.js';
import type { Plan } from '#plan.js';
import type { ReferenceData } from '#report/normal.js';
import type { CommandContext } from './context.js';
import type { Configuration } from './lay-on-config.js';
import type { OverwritingCheck } from './refuse-overwriting.js';
import { settingsFor } from './settings.js';

export interface Planned {
  readonly plan: Plan;
  readonly flags: FlagValues;
  /** A configuration that was found, not named, where it changes what the verdict means. */
  readonly configuration: Configuration | null;
  /** null where no file is written. */
  readonly overwriting: OverwritingCheck | null;
  /** The array file that `-` stood for. */
  readonly array: MemoryFile | null;
}

/** Returns what a command is asked for: by its flags, by a configuration file, and by standard input for `-`. */
export async function planFor(
  command: PlannedCommand,
  paths: readonly string[],
  given: FlagValues,
  context: CommandContext,
): Promise<Planned> {
  const takesConfig = FLAGS.config.commands.includes(command);
  const { flags, read, configuration, warnings } = takesConfig
    ? await settingsFor(command, given, context)
    : { flags: given, read: [], configuration: null, warnings: [] };
  await showWarnings(warnings, flags, context);
  // Wrong usage is refused before standard input is read.
  const planned = planOf(command, flags, paths);
  const plan = await referred(planned, flags, context.cwd);
  const { warning } = plan.judging.reference ?? {};
  if (warning !== undefined) await showWarnings([warning], flags, context);
  const rest = {
    flags,
    configuration,
    overwriting: await overwritingCheck(
      plan,
      flags,
      [...read, ...(flags.reference === undefined ? [] : [flags.reference]), ...(flags.bad ?? []), ...paths],
      context,
    ),
  };
  if (plan.records.length > 0 || !paths.includes('-')) return { plan, ...rest, array: null };
  const { readPaths, soleArray } = await import('./read-paths.js');
  const input = await readPaths(paths, context.stdin, plan.measuring.maxMemory);
  const anew = (given: readonly string[]) => {
    const again = planOf(command, flags, given);
    const measuring = { ...again.measuring, metrics: plan.measuring.metrics };
    return { ...again, measuring, judging: plan.judging };
  };
  if (input.array === null) return { plan: anew(input.paths), ...rest, array: null };
  const array = soleArray(input, command);
  return { plan: anew([array.path]), ...rest, array };
}

/** Returns the plan with the reference that a verdict is to be given by; a map of those that were read reads none twice. */
export async function referred(
  plan: Plan,
  { reference: path, metrics }: FlagValues,
  cwd: string,
  known: Map<string, ReferenceData> = new Map(),
): Promise<Plan> {
  if (path === undefined) return plan;
  const { readReference, withReference } = await import('./read-reference.js');
  const reference = known.get(path) ?? (await readReference(path, cwd, plan.measuring.maxMemory));
  known.set(path, reference);
  const judging = withReference(plan.judging, reference);
  if (metrics !== undefined) return { ...plan, judging };
  // What it has is measured, so that it can be judged.
  const asked = new Set([...plan.measuring.metrics, ...(judging.reference?.metrics ?? [])]);
  const measuring = { ...plan.measuring, metrics: METRIC_IDS.filter((id) => asked.has(id)) };
  return { ...plan, measuring, judging };
}

async function overwritingCheck(
  ...[plan, flags, read, context]: ConstructorParameters<typeof OverwritingCheck>
): Promise<OverwritingCheck | null> {
  const isWriting = [flags.state, flags.sentinel, flags.normal].some((path) => path !== undefined);
  if (!isWriting && plan.outputs.every(({ path }) => path === null)) return null;
  const refusing = await import('./refuse-overwriting.js');
  return new refusing.OverwritingCheck(plan, flags, read, context);
}

/** Writes what is to be said of a configuration to stderr. */
export async function showWarnings(
  warnings: readonly string[],
  flags: FlagValues,
  { stderr, env }: CommandContext,
): Promise<void> {
  if (warnings.length === 0) return;
  const { formatWarning } = await import('#reporters/terminal/error-block.js');
  const onStderr = terminalFor(stderr, env, flags);
  for (const message of warnings) stderr.write(formatWarning({ message }, onStderr));
}
