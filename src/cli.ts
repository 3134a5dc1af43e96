import { LOAD } from '#commands/index.js';
import type { CommandContext, VerdictText } from '#commands/input/context.js';
import { guardedStream } from '#commands/output/guarded-stream.js';
import { lostOutput } from '#commands/output/lost-output.js';
import { plainCommandLine } from '#options/parse/plain-arguments.js';
import { terminalFor } from '#options/terminal.js';
import packageJson from '../package.json' with { type: 'json' };

export interface MainContext extends Omit<CommandContext, 'version'> {
  /** Without node and the script. */
  readonly argv: readonly string[];
}

/** Runs one command and returns the exit code. Never throws: every error becomes a message on stderr and a code. */
export async function main({ argv, ...rest }: MainContext): Promise<number> {
  const acts = rest.env.GITHUB_ACTIONS === 'true';
  let verdict: VerdictText | null = null;
  const context: CommandContext = {
    ...rest,
    ...(acts ? { stdout: guardedStream(rest.stdout), stderr: guardedStream(rest.stderr) } : {}),
    version: packageJson.version,
    onVerdict: (told) => {
      verdict = told;
    },
  };
  const failure = lostOutput(context.stdout);
  // There is nowhere to write that to.
  context.stderr.on?.('error', () => {});
  const code = await run(argv, context);
  // A stream emits its error after the write.
  await new Promise((done) => {
    setImmediate(done);
  });
  const error = failure();
  if (error === null || OUTRANK_LOST_OUTPUT.has(code)) return code;
  const { fail, tellVerdict } = await import('#commands/fail.js');
  const failed = await fail(error, argv, context);
  tellVerdict(verdict, context.stderr);
  return failed;
}

/** A bug, wrong usage, and signals: what they mean does not depend on the report. */
const OUTRANK_LOST_OUTPUT: ReadonlySet<number> = new Set([2, 70, 129, 130, 143]);

async function run(argv: readonly string[], context: CommandContext): Promise<number> {
  try {
    const parsed = plainCommandLine(argv) ?? (await parsedInFull(argv, context));
    if (parsed.kind === 'text') {
      context.stdout.write(parsed.text);
      return 0;
    }
    if (parsed.kind === 'usage') {
      context.stderr.write(parsed.text);
      return 2;
    }
    const runCommand = await LOAD[parsed.command]();
    return await runCommand(parsed.paths, parsed.flags, context);
  } catch (error) {
    const { fail } = await import('#commands/fail.js');
    return fail(error, argv, context);
  }
}

async function parsedInFull(argv: readonly string[], { stdout, env, version }: CommandContext) {
  const { parseCommandLine } = await import('#options/command-line.js');
  return parseCommandLine(argv, { version, width: terminalFor(stdout, env, {}).width });
}
