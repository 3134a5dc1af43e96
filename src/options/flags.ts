import type { CommandName } from './commands.js';
import { FINDING } from './flags/finding.js';
import type { Flag } from './flags/flag.js';
import { MEASURING } from './flags/measuring.js';
import { NORMAL } from './flags/normal.js';
import { OUTPUT } from './flags/output.js';
import { READING } from './flags/reading.js';
import { RULES } from './flags/rules.js';
import { SETTINGS } from './flags/settings.js';
import { STATE } from './flags/state.js';
import { VERDICT } from './flags/verdict.js';
import { WATCHING } from './flags/watching.js';

export type { Flag } from './flags/flag.js';

/** Every flag of every command, keyed by the name its value has in the parsed options; a file of flags/ a group of --help. */
export const FLAGS = {
  ...FINDING,
  ...READING,
  ...MEASURING,
  ...RULES,
  ...NORMAL,
  ...VERDICT,
  ...WATCHING,
  ...STATE,
  ...OUTPUT,
  ...SETTINGS,
} as const satisfies Record<string, Flag<unknown>>;

export type FlagName = keyof typeof FLAGS;
type ValueOf<F> = F extends Flag<infer T> ? (F extends { repeatable: true } ? readonly T[] : T) : never;

/** What the command line gave: only the flags that were written have a value. */
export type FlagValues = { readonly [K in FlagName]?: ValueOf<(typeof FLAGS)[K]> };

/** Returns the flags that a command takes, in the order of the table. */
export function flagsOf(command: CommandName): [FlagName, Flag<unknown>][] {
  const entries = Object.entries(FLAGS) as [FlagName, Flag<unknown>][];
  return entries.filter(([, flag]) => flag.commands.includes(command));
}
