import { Command, CommanderError, Option } from 'commander';
import { UsageError } from '#errors.js';
import { nearestName } from '#rules/language/nearest-name.js';
import { COMMANDS, type CommandName } from './commands.js';
import { type Flag, type FlagName, type FlagValues, flagsOf } from './flags.js';
import { helpEnd, helpStyle } from './help.js';
import { OUTPUT_FORMATS } from './parse/output-request.js';
import type { PlainCommandLine } from './parse/plain-arguments.js';

export type ParsedCommandLine =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'usage'; readonly text: string }
  | PlainCommandLine;

/** Reads `argv` (without node and script). Throws `UsageError` for whatever it does not understand. */
export function parseCommandLine(
  given: readonly string[],
  { version, width }: { version: string; width: number },
): ParsedCommandLine {
  const argv = plainly(given);
  let text = '';
  let parsed: ParsedCommandLine | undefined;
  const program = quietCommand(new Command('collapse'), (chunk) => {
    text += chunk;
  });
  program
    .description("Tells whether a training run's embeddings are collapsing.")
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', helpEnd(OVERVIEW));
  program.addHelpCommand(
    quietCommand(new Command('help'), () => {})
      .summary('print the help of a command')
      .helpGroup('Set up:'),
  );
  const named = COMMANDS.some(({ name }) => name === argv[0]) ? argv[0] : undefined;
  for (const spec of COMMANDS) {
    const command = quietCommand(program.command(spec.name), (chunk) => {
      text += chunk;
    });
    command.summary(spec.summary).description(spec.description).helpGroup(`${spec.group}:`);
    command.addHelpOption(new Option('-h, --help', 'print this help').helpGroup('Output:'));
    // The others need their options only where all of them are listed; making them takes milliseconds.
    if (named !== undefined && spec.name !== named) continue;
    for (const { syntax, summary } of spec.args) command.argument(syntax, summary);
    for (const [, flag] of flagsOf(spec.name)) command.addOption(toOption(flag));
    command.addHelpText('after', helpEnd(spec));
    command.action(() => {
      parsed = {
        kind: 'run',
        command: spec.name,
        paths: command.args,
        flags: valuesOf(spec.name, command.opts<Record<string, unknown>>()),
      };
    });
  }
  for (const command of [program, ...program.commands]) {
    command.configureHelp(helpStyle(width));
  }
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed' || error.code === 'commander.version')
      return { kind: 'text', text };
    if (error.code === 'commander.help') return { kind: 'usage', text };
    throw asUsageError(error, argv);
  }
  return parsed ?? { kind: 'usage', text: program.helpInformation() };
}

/** What ends the help of the program itself. */
const OVERVIEW = {
  examples: [
    'collapse check runs/exp1',
    'collapse report runs/exp1 -o exp1.html',
    'collapse explain dimensional-collapse',
    'collapse help check',
  ],
  exitCodes: [0, 1, 2, 3, 4, 70],
} as const;

/** Returns `help check` as `check --help`, and `-v` for the version, which commander has one short form for. */
function plainly(argv: readonly string[]): readonly string[] {
  const [first, topic = '--help'] = argv;
  if (first === '-v') return ['--version'];
  if (first !== 'help') return argv;
  if (topic.startsWith('-')) return ['--help'];
  // An unknown one is refused as a command, with the nearest name.
  return COMMANDS.some(({ name }) => name === topic) ? [topic, '--help'] : [topic];
}

function quietCommand(command: Command, write: (chunk: string) => void): Command {
  return command
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({ writeOut: write, writeErr: write, outputError: () => {} });
}

function toOption(flag: Flag<unknown>): Option {
  const summary =
    flag.defaultText === undefined ? flag.summary : `${flag.summary} (default: ${flag.defaultText})`;
  const option = new Option(flag.syntax, summary).helpGroup(`${flag.group}:`);
  const isRequired = flag.syntax.includes('<');
  const isOptional = !isRequired && flag.syntax.includes('[');
  if (!isOptional && !isRequired) return option;
  // Commander takes the brackets of <format[=path]> for an optional value.
  option.optional = isOptional;
  if (isOptional) option.preset('');
  const name = option.long ?? flag.syntax;
  return option.argParser<unknown>((text, previous) => {
    const value = flag.parse(text, name);
    if (flag.repeatable === undefined) return value;
    return [...((previous as readonly unknown[] | undefined) ?? []), value];
  });
}

function valuesOf(command: CommandName, given: Readonly<Record<string, unknown>>): FlagValues {
  const values: Partial<Record<FlagName, unknown>> = {};
  for (const [name, flag] of flagsOf(command)) {
    const option = new Option(flag.syntax);
    const value = given[option.attributeName()];
    if (option.negate) {
      if (value === false) values[name] = true;
    } else if (value !== undefined) values[name] = value;
  }
  // Each value came out of its own flag's parser, which is what FlagValues is derived from.
  return values as FlagValues;
}

/** Gives commander's errors a code of ours, and what is unknown the nearest name. */
function asUsageError({ code, message }: CommanderError, argv: readonly string[]): UsageError {
  const text = message.replace(/^error: /, '');
  switch (code) {
    case 'commander.unknownCommand': {
      const names = COMMANDS.map(({ name }) => name);
      const nearest = nearestName(argv[0] ?? '', names) ?? `\`collapse check ${argv.join(' ')}\``;
      return new UsageError('E101', text, { kind: 'unknown-command', hint: `did you mean ${nearest}?` });
    }
    case 'commander.unknownOption': {
      const nearest = nearestOption(argv);
      const isCommand = COMMANDS.some(({ name }) => name === argv[0]);
      if (nearest !== null) return new UsageError('E101', text, { hint: `did you mean ${nearest}?` });
      return new UsageError('E101', text, isCommand ? { hint: helpOf(argv) } : {});
    }
    case 'commander.missingArgument':
    case 'commander.optionMissingArgument':
      return new UsageError('E103', text, { hint: helpOf(argv) });
    default:
      return new UsageError('E102', text);
  }
}

/** Finds the option most like the first that the command does not have; null where none is near. */
function nearestOption(argv: readonly string[]): string | null {
  const command = COMMANDS.find(({ name }) => name === argv[0]);
  const flags = command === undefined ? [] : flagsOf(command.name);
  const long = flags.map(([, { syntax }]) => new Option(syntax).long?.slice(2) ?? syntax);
  const known = [command === undefined ? 'version' : 'help', ...long];
  const unknown = argv
    .filter((word) => word.startsWith('--'))
    .map((word) => word.slice(2).split('=', 1)[0]!)
    .find((name) => !known.includes(name));
  if (long.includes('output') && OUTPUT_FORMATS.some((id) => id === unknown)) return `-o ${unknown}`;
  const nearest = nearestName(unknown ?? '', known);
  return nearest && `--${nearest}`;
}

/** Names where to read on, after a command that is known. */
export function helpOf([command = 'check']: readonly string[]): string {
  return `run \`collapse ${command} --help\` for what it takes`;
}
