import { resolve } from 'node:path';
import { writeFileAtomic } from '../io/atomic-write.js';
import type { FlagValues } from '../options/flags.js';
import type { OutputRequest } from '../options/output-request.js';
import { terminalFor } from '../options/terminal.js';
import { metricCatalogue } from '../pipeline/metric-catalogue.js';
import type { MeasureRecord } from '../report/record.js';
import type { Report } from '../report/types.js';
import { formatError, formatWarning } from '../reporters/error-block.js';
import { render } from '../reporters/index.js';
import type { CommandContext } from './context.js';
import { appendStepSummary } from './step-summary.js';

/** Errors and warnings to stderr, files whole or not at all, and last the one report that goes to stdout. */
export async function publish(
  judged: { readonly report: Report; readonly records: readonly MeasureRecord[] },
  outputs: readonly OutputRequest[],
  flags: FlagValues,
  context: CommandContext,
): Promise<void> {
  const { cwd, env, stdout, stderr } = context;
  const document = { ...judged, catalogue: metricCatalogue };
  const onStderr = terminalFor(stderr, env, flags);
  for (const warning of document.report.warnings) stderr.write(formatWarning(warning, onStderr));
  for (const error of document.report.errors) stderr.write(formatError(error, onStderr));
  const style = {
    ascii: flags.ascii ?? false,
    quiet: flags.quiet ?? false,
    verbose: flags.verbose ?? false,
    now: Date.now(),
  };
  for (const { format, path } of outputs) {
    if (path === null) continue;
    const content = await render(format, document, { ...style, color: false, width: flags.width ?? 100 });
    writeFileAtomic(resolve(cwd, path), content);
  }
  await appendStepSummary(document, style, flags, context);
  for (const { format, path } of outputs) {
    if (path !== null) continue;
    stdout.write(await render(format, document, { ...style, ...terminalFor(stdout, env, flags) }));
  }
}
