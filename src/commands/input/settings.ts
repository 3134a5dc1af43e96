import { resolve } from 'node:path';
import type { CommandName } from '#options/commands.js';
import type { FlagValues } from '#options/flags.js';
import type { CommandContext } from './context.js';
import { findConfig } from './find-config.js';
import type { Settings } from './lay-on-config.js';

/**
 * Lays the command line on the configuration file that is named by --config or found upwards. One that was found can say
 * what is measured and judged; commands, files to write and when to stop are taken from it only with --trust-config.
 * Throws `UsageError` E120 for a file that is missing, is no JSON, or says what cannot be used.
 */
export async function settingsFor(
  command: CommandName,
  given: FlagValues,
  { cwd, env }: Pick<CommandContext, 'cwd' | 'env'>,
): Promise<Settings> {
  const named = given.config;
  const { file, boundary, warnings } =
    named === undefined ? findConfig(cwd, env) : { file: resolve(cwd, named), boundary: null, warnings: [] };
  if (file === null) return { flags: given, read: [], configuration: null, warnings };
  const { layOn } = await import('./lay-on-config.js');
  const settings = layOn({ file, boundary }, command, given, cwd);
  return { ...settings, warnings: [...warnings, ...settings.warnings] };
}
