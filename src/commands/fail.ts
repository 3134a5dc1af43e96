import { CollapseError, ERROR_CODES } from '#errors.js';
import { exitCodeOfError } from '#exit-code.js';
import { gate } from '#judge/gate.js';
import { helpOf } from '#options/command-line.js';
import { judgePlanOf } from '#options/plan/judge-plan.js';
import { terminalFor } from '#options/terminal.js';
import { buildInspection } from '#report/build-inspection.js';
import { toReportError } from '#report/report-error.js';
import type { ReportError } from '#report/types.js';
import { render } from '#reporters/index.js';
import { formatError } from '#reporters/terminal/error-block.js';
import { printable } from '#reporters/view/printable.js';
import type { CommandContext } from './input/context.js';

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
  if (wantsJson(argv)) {
    if (argv[0] === 'inspect') {
      stdout.write(`${JSON.stringify(buildInspection([], [shown], version), null, 2)}\n`);
      return exitCodeOfError(shown.code);
    }
    const report = gate([{ type: 'error', ...shown }], judgePlanOf({}), version);
    stdout.write(
      await render(
        'json',
        { report, records: [], catalogue: {} },
        { color: false, width: 80, ascii: true, quiet: false, verbose: false, now: Date.now() },
      ),
    );
  }
  return exitCodeOfError(shown.code);
}

function asBug(error: unknown): ReportError {
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'E901', message, hint: ERROR_CODES.E901.help };
}

/** Read from the raw words, because the error may be in them. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, i) =>
      word === '--json' ||
      word === '-ojson' ||
      word === '--output=json' ||
      (word === 'json' && ['-o', '--output'].includes(argv[i - 1] ?? '')),
  );
}
