import { UsageError } from '#errors.js';
import type { FlagValues } from '#options/flags.js';
import { terminalFor } from '#options/terminal.js';
import { jsonText } from '#reporters/machine/json-text.js';
import { formatExplanation, formatExplanations } from '#reporters/terminal/explanation.js';
import type { CommandContext } from '../input/context.js';
import { explain as explanationOf, explanations, nearestExplained } from './explanation-of.js';

/** Prints what ids mean, or without one everything that can be explained. */
export async function explain(
  ids: readonly string[],
  flags: FlagValues,
  { stdout, env }: CommandContext,
): Promise<number> {
  const look = { ...terminalFor(stdout, env, flags), ascii: flags.ascii ?? false };
  const found = ids.map((id) => explanationOf(id) ?? refuse(id));
  if (flags.json) stdout.write(`${jsonText(ids.length === 0 ? explanations() : found, 2)}\n`);
  else if (ids.length === 0) stdout.write(formatExplanations(explanations(), look));
  else stdout.write(found.map((one) => formatExplanation(one, look)).join('\n'));
  return 0;
}

function refuse(id: string): never {
  const nearest = nearestExplained(id);
  throw new UsageError('E102', `nothing here is named '${id}'`, {
    hint: nearest === null ? 'run `collapse explain` for the list' : `did you mean ${nearest}?`,
  });
}
