import { COMMANDS, type CommandName } from '../commands.js';
import { type Flag, type FlagName, type FlagValues, flagsOf } from '../flags.js';

export interface PlainCommandLine {
  readonly kind: 'run';
  readonly command: CommandName;
  readonly paths: readonly string[];
  readonly flags: FlagValues;
}

/**
 * Reads a command line whose every word is plain: a command, paths, and flags that it has, in full. Returns null for any
 * other, also for help and for what is wrong, which `parseCommandLine` reads with a library that takes as long to load
 * as a small check to run. Throws `UsageError` for a value that its flag does not take.
 */
export function plainCommandLine([first, ...words]: readonly string[]): PlainCommandLine | null {
  const spec = COMMANDS.find(({ name }) => name === first);
  if (spec === undefined || spec.args[0]?.syntax.includes('...]') !== true) return null;
  const known = new Map<string, [FlagName, Flag<unknown>]>();
  for (const entry of flagsOf(spec.name)) {
    for (const name of namesOf(entry[1])) known.set(name, entry);
  }
  const paths: string[] = [];
  const values: Partial<Record<FlagName, unknown>> = {};
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (!word.startsWith('-') || word === '-') {
      paths.push(word);
      continue;
    }
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const [key, flag] = known.get(equals < 0 ? word : word.slice(0, equals)) ?? [];
    if (key === undefined || flag === undefined) return null;
    if (!flag.syntax.includes('<')) {
      if (equals >= 0 || flag.syntax.includes('[')) return null;
      values[key] = true;
      continue;
    }
    const text = equals < 0 ? words[++at] : word.slice(equals + 1);
    if (text === undefined || flag.syntax.includes('...')) return null;
    const value = flag.parse(text, namesOf(flag).at(-1)!);
    const earlier = (values[key] ?? []) as readonly unknown[];
    values[key] = flag.repeatable === true ? [...earlier, value] : value;
  }
  // Each value came out of its own flag's parser, which is what FlagValues is derived from.
  return { kind: 'run', command: spec.name, paths, flags: values as FlagValues };
}

/** Returns what a flag may be written as: `-o` and `--output` of `-o, --output <format>`. */
function namesOf({ syntax }: Flag<unknown>): readonly string[] {
  return syntax
    .split(' ')
    .filter((word) => word.startsWith('-'))
    .map((word) => word.replace(',', ''));
}
