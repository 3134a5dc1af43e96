import { resolve } from 'node:path';
import type { CommandName } from '#options/commands.js';
import { meaningOf, withoutActs } from '#options/config/found-config.js';
import { CONFIG_FLAGS, mergeFlags } from '#options/config/parse-config.js';
import type { FlagName, FlagValues } from '#options/flags.js';
import type { Report } from '#report/types.js';
import type { CommandContext } from './context.js';
import { findConfig } from './find-config.js';
import { ConfigReader } from './read-config.js';
import { shownPath } from './shown-path.js';

export type Configuration = NonNullable<Report['configuration']>;

/** What a command is asked for, and where that is from. */
export interface Settings {
  readonly flags: FlagValues;
  /** Configuration files that were read; absolute. */
  readonly read: readonly string[];
  /** A configuration that was found, not named, where it changes what the verdict means. */
  readonly configuration: Configuration | null;
  readonly warnings: readonly string[];
}

/**
 * Lays the command line on the configuration file that is named by --config or found upwards. One that was found can say
 * what is measured and judged; commands, files to write and when to stop are taken from it only with --trust-config.
 * Throws `UsageError` E120 for a file that is missing, is no JSON, or says what cannot be used.
 */
export function settingsFor(
  command: CommandName,
  given: FlagValues,
  { cwd, env }: Pick<CommandContext, 'cwd' | 'env'>,
): Settings {
  const named = given.config;
  const { file, boundary, warnings } =
    named === undefined ? findConfig(cwd, env) : { file: resolve(cwd, named), boundary: null, warnings: [] };
  if (file === null) return { flags: given, read: [], configuration: null, warnings };
  const isTrusted = named !== undefined || given.trustConfig === true;
  const reader = new ConfigReader(cwd, isTrusted ? null : { boundary });
  const config = reader.read(file);
  const own = CONFIG_FLAGS.filter(
    ([name, flag]) => flag.commands.includes(command) && config[name] !== undefined,
  ).map(([name]) => name);
  const settings = pick(config, own);
  const { flags: taken, refused } = isTrusted ? { flags: settings, refused: [] } : withoutActs(settings);
  const flags = mergeFlags(taken, given);
  const inEffect = (Object.keys(taken) as FlagName[]).filter((name) => flags[name] === taken[name]);
  const shown = shownPath(cwd, file);
  const sets = named === undefined ? meaningOf(pick(taken, inEffect)) : [];
  return {
    flags,
    read: reader.files,
    configuration: sets.length === 0 ? null : { path: shown, sets },
    warnings: refused.length === 0 ? warnings : [...warnings, notTaken(shown, refused)],
  };
}

function notTaken(shown: string, refused: readonly FlagName[]): string {
  return `${shown} was found, not named, so ${refused.join(', ')} of it is not taken: pass --config ${shown}, or --trust-config`;
}

function pick(flags: FlagValues, names: readonly FlagName[]): FlagValues {
  return Object.fromEntries(names.map((name) => [name, flags[name]]));
}
