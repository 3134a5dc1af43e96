import { resolve } from 'node:path';
import type { FlagValues } from '#options/flags.js';
import { terminalFor } from '#options/terminal.js';
import type { OutputRequest } from '#plan.js';
import type { MeasureRecord } from '#report/record.js';
import type { Report } from '#report/types.js';
import { render } from '#reporters/index.js';
import type { CommandContext } from '../input/context.js';
import { metricCatalogue } from './metric-catalogue.js';

interface Judged {
  readonly report: Report;
  readonly records: readonly MeasureRecord[];
}

/** Writes errors and warnings to stderr, files whole or not at all, and last the one report that goes to stdout. */
export async function publish(
  judged: Judged,
  outputs: readonly OutputRequest[],
  flags: FlagValues,
  context: CommandContext,
): Promise<void> {
  const { cwd, env, stdout } = context;
  const document = { ...judged, catalogue: metricCatalogue };
  await showProblems(document.report, flags, context);
  const style = styleOf(flags);
  await writeReports(judged, outputs, flags, cwd);
  if (env.GITHUB_ACTIONS === 'true' && !flags.noCi) {
    const { appendStepSummary } = await import('./step-summary.js');
    await appendStepSummary(document, style, context);
  }
  for (const { format, path } of outputs) {
    if (path !== null) continue;
    const terminal = terminalFor(stdout, env, flags);
    const options = { ...style, ...terminal, foldsVerdict: terminal.hasWidth };
    stdout.write(await render(format, document, options));
  }
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
  for (const error of errors) stderr.write(formatError(error, onStderr));
  // On a terminal the report follows at once.
  if (stderr.isTTY && stdout.isTTY) stderr.write('\n');
}

/** Writes the reports that go to files, each whole or not at all, in folders that are made where they are missing. */
export async function writeReports(
  judged: Judged,
  outputs: readonly OutputRequest[],
  flags: FlagValues,
  cwd: string,
): Promise<void> {
  const document = { ...judged, catalogue: metricCatalogue };
  for (const { format, path } of outputs) {
    if (path === null) continue;
    const foldsVerdict = flags.width !== undefined;
    const options = { ...styleOf(flags), color: false, width: flags.width ?? 100, foldsVerdict };
    const { writeFileAtomic } = await import('#io/atomic-write.js');
    const text = await render(format, document, options);
    writeFileAtomic(resolve(cwd, path), text, { makesFolder: true });
  }
}

function styleOf({ ascii = false, quiet = false, verbose = false }: FlagValues) {
  return { ascii, quiet, verbose, now: Date.now() };
}
