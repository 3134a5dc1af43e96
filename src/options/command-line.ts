import { Command, CommanderError, Option } from 'commander';
import { UsageError } from '#errors.js';
import { COMMANDS, type CommandName } from './commands.js';
import { FLAGS, type Flag, type FlagName, type FlagValues } from './flags.js';

export type ParsedCommandLine =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'usage'; readonly text: string }
  | {
      readonly kind: 'run';
      readonly command: CommandName;
      readonly paths: readonly string[];
      readonly flags: FlagValues;
    };

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
    .addHelpText(
      'after',
      '\nExit codes: 0 ok, 1 alert, 2 usage, 3 unreadable input, 4 nothing to judge, 70 bug.',
    );
  program.helpCommand('help [command]', 'print the help of a command');
  const named = COMMANDS.some(({ name }) => name === argv[0]) ? argv[0] : undefined;
  for (const spec of COMMANDS) {
    const command = quietCommand(program.command(spec.name), (chunk) => {
      text += chunk;
    });
    command.summary(spec.summary).description(spec.description).helpOption('-h, --help', 'print this help');
    // The others need their options only where all of them are listed; making them takes milliseconds.
    if (named !== undefined && spec.name !== named) continue;
    for (const { syntax, summary } of spec.args) command.argument(syntax, summary);
    for (const [, flag] of flagsOf(spec.name)) command.addOption(toOption(flag));
    command.addHelpText('after', `\nExamples:\n${spec.examples.map((line) => `  ${line}`).join('\n')}`);
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
    command.configureOutput({
      ...command.configureOutput(),
      getOutHelpWidth: () => width,
      getErrHelpWidth: () => width,
    });
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

/** Returns `help check` as `check --help`, and `-v` for the version, which commander has one short form for. */
function plainly(argv: readonly string[]): readonly string[] {
  const [first, topic = '--help'] = argv;
  if (first === '-v') return ['--version'];
  if (first !== 'help') return argv;
  if (topic.startsWith('-')) return ['--help'];
  // An unknown one is refused as a command, with the nearest name.
  return COMMANDS.some(({ name }) => name === topic) ? [topic, '--help'] : [topic];
}

/** Returns the flags that a command takes, in the order of the table. */
export function flagsOf(command: CommandName): [FlagName, Flag<unknown>][] {
  const entries = Object.entries(FLAGS) as [FlagName, Flag<unknown>][];
  return entries.filter(([, flag]) => flag.commands.includes(command));
}

function quietCommand(command: Command, write: (chunk: string) => void): Command {
  return command.exitOverride().configureOutput({ writeOut: write, writeErr: write, outputError: () => {} });
}

function toOption(flag: Flag<unknown>): Option {
  const summary =
    flag.defaultText === undefined ? flag.summary : `${flag.summary} (default: ${flag.defaultText})`;
  const option = new Option(flag.syntax, summary).helpGroup(`${flag.group}:`);
  if (!flag.syntax.includes('<')) return option;
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

/** Gives commander's errors a code; its texts are the only place where a suggestion of its is found. */
function asUsageError(error: CommanderError, argv: readonly string[]): UsageError {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = /Did you mean (.+)\?\)?/.exec(rest.join(' '))?.[1]?.replace(/\)$/, '');
  if (error.code === 'commander.unknownCommand') {
    return new UsageError('E101', first, {
      kind: 'unknown-command',
      hint:
        suggestion === undefined
          ? `did you mean \`collapse check ${argv.join(' ')}\`?`
          : `did you mean ${suggestion}?`,
    });
  }
  const code = error.code === 'commander.unknownOption' ? 'E101' : isMissing(error.code) ? 'E103' : 'E102';
  if (suggestion !== undefined) return new UsageError(code, first, { hint: `did you mean ${suggestion}?` });
  return new UsageError(code, first, code === 'E103' ? { hint: helpOf(argv) } : {});
}

/** Names where to read on, after a command that is known. */
export function helpOf([command = 'check']: readonly string[]): string {
  return `run \`collapse ${command} --help\` for what it takes`;
}

function isMissing(code: string): boolean {
  return code === 'commander.missingArgument' || code === 'commander.optionMissingArgument';
}
