import { UsageError } from '#errors.js';
import { completionScript, SHELLS } from '#options/completion.js';
import type { FlagValues } from '#options/flags.js';
import { anyOf } from '#options/parse/value-parsers.js';
import { explanations } from './explain/explanation-of.js';
import type { CommandContext } from './input/context.js';

/** Prints a shell's completion script. */
export async function completion(
  [shell, ...more]: readonly string[],
  _: FlagValues,
  { stdout }: CommandContext,
): Promise<number> {
  const known = SHELLS.find((name) => name === shell);
  if (known === undefined || more.length > 0) {
    throw new UsageError('E102', `completion takes ${anyOf(SHELLS)}, not '${[shell, ...more].join(' ')}'`);
  }
  const topics = explanations().flatMap(({ entries }) => entries.map(({ id }) => id));
  stdout.write(completionScript(known, topics));
  return 0;
}
