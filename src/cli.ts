import packageJson from '../package.json' with { type: 'json' };
import type { CommandContext, OutputStream } from './commands/context.js';
import { COMMANDS } from './commands/index.js';
import { parseCommandLine } from './options/command-line.js';
import { terminalFor } from './options/terminal.js';

export interface MainContext extends Omit<CommandContext, 'version'> {
  /** Without node and the script. */
  readonly argv: readonly string[];
}

/** Runs one command and returns the exit code. Never throws: every error becomes a message on stderr and a code. */
export async function main({ argv, ...rest }: MainContext): Promise<number> {
  const context: CommandContext = { ...rest, version: packageJson.version };
  surviveClosedPipe(context.stdout);
  surviveClosedPipe(context.stderr);
  try {
    const { width } = terminalFor(context.stdout, context.env, {});
    const parsed = parseCommandLine(argv, COMMANDS, { version: context.version, width });
    if (parsed.kind === 'text') {
      context.stdout.write(parsed.text);
      return 0;
    }
    if (parsed.kind === 'usage') {
      context.stderr.write(parsed.text);
      return 2;
    }
    const command = COMMANDS.find(({ name }) => name === parsed.command);
    if (command === undefined) throw new Error(`no command is named ${parsed.command}`);
    const run = await command.load();
    return await run(parsed.paths, parsed.flags, context);
  } catch (error) {
    const { fail } = await import('./commands/fail.js');
    return fail(error, argv, context);
  }
}

/** `collapse … | head` closes stdout early: what is left is dropped, and the exit code stays that of the verdict. */
function surviveClosedPipe(stream: OutputStream): void {
  stream.on?.('error', (error) => {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  });
}
