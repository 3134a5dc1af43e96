import { CollapseError, ERROR_CODES } from '#errors.js';
import { exitCodeOfError } from '#exit-code.js';
import { helpOf } from '#options/command-line.js';
import { terminalFor } from '#options/terminal.js';
import { toReportError } from '#report/report-error.js';
import type { ReportError } from '#report/types.js';
import { formatError } from '#reporters/terminal/error-block.js';
import { printable } from '#reporters/view/printable.js';
import type { CommandContext } from './input/context.js';
import { errorDocument } from './output/error-document.js';

/** Tells stderr, and a report where JSON was asked for, of an error that ended the command; returns its exit code. */
export async function fail(
  error: unknown,
  argv: readonly string[],
  { env, stdout, stderr, version }: CommandContext,
): Promise<number> {
  const told = error instanceof CollapseError ? toReportError(error) : asBug(error);
  const isGeneral = told.code === 'E102' && told.hint === ERROR_CODES.E102.help;
  const shown = isGeneral ? { ...told, hint: helpOf(argv) } : told;
  stderr.write(formatError(shown, terminalFor(stderr, env, {})));
  const isBug = shown.code === 'E901';
  if ((isBug || argv.includes('--verbose')) && error instanceof Error) {
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

function asBug(error: unknown): ReportError {
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'E901', message, hint: ERROR_CODES.E901.help };
}
