import type { FlagValues } from '#options/flags.js';
import { terminalFor } from '#options/terminal.js';
import type { OutputRequest } from '#plan.js';
import type { Report } from '#report/types.js';
import { render } from '#reporters/index.js';
import { groupErrors } from '#reporters/view/group-errors.js';
import { printable } from '#reporters/view/printable.js';
import type { CommandContext } from '../input/context.js';
import { catalogueFor, metricsIn } from './metric-catalogue.js';
import { type Judged, ReportFiles, styleOf } from './report-files.js';

/**
 * Writes the files, then errors and warnings to stderr, and last the one report that goes to stdout. Returns the report
 * with an error of each file that cannot be written, as all outputs show it.
 *
 * @param namesFiles Files that were written are named before a table on stdout.
 */
export async function publish(
  judged: Judged,
  outputs: readonly OutputRequest[],
  flags: FlagValues,
  context: CommandContext,
  files = new ReportFiles(outputs, flags, context.cwd),
  namesFiles = false,
): Promise<Report> {
  const { env, stdout } = context;
  const report = await files.write(judged);
  const document = { ...judged, report, catalogue: await catalogueFor(metricsIn(report)) };
  context.onVerdict?.(report);
  await showProblems(report, flags, context);
  const style = styleOf(flags);
  if (env.GITHUB_ACTIONS === 'true' && !flags.noCi) {
    const { appendStepSummary } = await import('./step-summary.js');
    await appendStepSummary(document, style, context);
  }
  const toTable = outputs.some(({ format, path }) => format === 'table' && path === null);
  if (namesFiles && toTable)
    stdout.write(
      files
        .written(report)
        .map((path) => `wrote ${printable(path)}\n`)
        .join(''),
    );
  for (const { format, path } of outputs) {
    if (path !== null) continue;
    const terminal = terminalFor(stdout, env, flags);
    const options = { ...style, ...terminal, foldsVerdict: terminal.hasWidth };
    const text = await render(format, document, options);
    if (format === 'github' && stdout.writeCommands !== undefined) stdout.writeCommands(text);
    else stdout.write(text);
  }
  return report;
}

async function showProblems(
  { warnings, errors }: Report,
  flags: FlagValues,
  { env, stdout, stderr }: CommandContext,
): Promise<void> {
  if (warnings.length === 0 && errors.length === 0) return;
  const { formatError, formatWarning } = await import('#reporters/terminal/error-block.js');
  const onStderr = terminalFor(stderr, env, flags);
  for (const warning of warnings) stderr.write(formatWarning(warning, onStderr));
  for (const error of groupErrors(errors)) stderr.write(formatError(error, onStderr));
  // On a terminal the report follows at once.
  if (stderr.isTTY && stdout.isTTY) stderr.write('\n');
}
