import { CollapseError, ERROR_CODES, UsageError } from '#errors.js';
import { exitCodeOfError } from '#exit-code.js';
import { helpOf } from '#options/command-line.js';
import { terminalFor } from '#options/terminal.js';
import { toReportError } from '#report/report-error.js';
import type { ReportError } from '#report/types.js';
import { formatError } from '#reporters/terminal/error-block.js';
import { printable } from '#reporters/view/printable.js';
import type { CommandContext, VerdictText } from './input/context.js';
import { errorDocument } from './output/error-document.js';

/** Writes an error that ended the command to stderr, and in a report where JSON was asked for; returns its exit code. */
export async function fail(
  error: unknown,
  argv: readonly string[],
  { env, stdout, stderr, version }: CommandContext,
): Promise<number> {
  const shown = error instanceof CollapseError ? toReportError(withHint(error, argv)) : asBug(error);
  stderr.write(formatError(shown, terminalFor(stderr, env, {})));
  const isBug = shown.code === 'E901';
  if ((isBug || argv.some((word) => word === '--verbose' || word === '-v')) && error instanceof Error) {
    stderr.write(
      `${(error.stack ?? '')
        .split('\n')
        .map((line) => printable(line))
        .join('\n')}\n`,
    );
  }
  stdout.write(errorDocument(shown, argv, version));
  return exitCodeOfError(shown.code);
}

/** The help of the command is nearer than that of `check`, which the code's general hint names. */
function withHint(error: CollapseError, argv: readonly string[]): CollapseError {
  const isGeneral = error instanceof UsageError && error.kind === 'invalid-value' && !error.hasOwnHint;
  return isGeneral ? error.with({ hint: helpOf(argv) }) : error;
}

/** Writes to stderr the verdict that standard output did not take. */
export function tellVerdict(verdict: VerdictText | null, stderr: CommandContext['stderr']): void {
  if (verdict === null) return;
  const { status, exitReason, exitCode } = verdict;
  stderr.write(`verdict: ${status}: ${printable(exitReason)} (exit ${exitCode})\n`);
}

function asBug(error: unknown): ReportError {
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'E901', message, hint: ERROR_CODES.E901.help };
}
