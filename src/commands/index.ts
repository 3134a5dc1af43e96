import type { CommandName } from '#options/commands.js';
import type { FlagValues } from '#options/flags.js';
import type { CommandContext } from './input/context.js';

export type RunCommand = (
  paths: readonly string[],
  flags: FlagValues,
  context: CommandContext,
) => Promise<number>;

/** What runs each subcommand, loaded when it runs, so that --help and usage errors load none of the work. */
export const LOAD: Readonly<Record<CommandName, () => Promise<RunCommand>>> = {
  check: async () => (await import('./check.js')).check,
  measure: async () => (await import('./measure.js')).measure,
  gate: async () => (await import('./gate.js')).gate,
  calibrate: async () => (await import('./calibrate/calibrate.js')).calibrate,
  diff: async () => (await import('./diff/diff.js')).diff,
  inspect: async () => (await import('./inspect.js')).inspect,
  report: async () => (await import('./report.js')).report,
  watch: async () => (await import('./watch/watch.js')).watch,
  serve: async () => (await import('./serve/serve.js')).serve,
  doctor: async () => (await import('./doctor.js')).doctor,
  completion: async () => (await import('./completion.js')).completion,
  explain: async () => (await import('./explain/explain.js')).explain,
};
