import { resolve } from 'node:path';
import { writeFileAtomic } from '#io/atomic-write.js';
import { METRIC_IDS } from '#metrics/ids.js';
import type { FlagValues } from '#options/flags.js';
import { terminalFor } from '#options/terminal.js';
import type { OutputRequest } from '#plan.js';
import type { Diff } from '#report/types.js';
import { diffMarkdown } from '#reporters/diff/markdown.js';
import { diffTable } from '#reporters/diff/table.js';
import { render } from '#reporters/index.js';
import { jsonText } from '#reporters/machine/json-text.js';
import { formatError, formatWarning } from '#reporters/terminal/error-block.js';
import type { RenderOptions } from '#reporters/view/define-reporter.js';
import type { CommandContext } from '../input/context.js';
import { catalogueFor } from '../output/metric-catalogue.js';
import { type Judged, styleOf } from '../output/report-files.js';

/** Writes a diff to files and standard output, and its problems to stderr; a page is that of both runs. */
export async function publishDiff(
  diff: Diff,
  judged: Judged,
  outputs: readonly OutputRequest[],
  flags: FlagValues,
  { cwd, env, stdout, stderr }: CommandContext,
): Promise<void> {
  const onStderr = terminalFor(stderr, env, flags);
  for (const warning of diff.warnings) stderr.write(formatWarning(warning, onStderr));
  for (const error of diff.errors) stderr.write(formatError(error, onStderr));
  const text = async ({ format }: OutputRequest, options: RenderOptions) => {
    if (format === 'json') return `${jsonText(diff, 2)}\n`;
    if (format === 'markdown') return diffMarkdown(diff);
    if (format === 'html') {
      return render('html', { ...judged, catalogue: await catalogueFor(METRIC_IDS) }, options);
    }
    return diffTable(diff, options);
  };
  const style = styleOf(flags);
  for (const output of outputs) {
    const terminal =
      output.path === null ? terminalFor(stdout, env, flags) : { color: false, width: flags.width ?? 100 };
    const written = await text(output, { ...style, ...terminal });
    if (output.path === null) stdout.write(written);
    else writeFileAtomic(resolve(cwd, output.path), written, { makesFolder: true });
  }
  const summary = env.GITHUB_STEP_SUMMARY ?? '';
  if (env.GITHUB_ACTIONS !== 'true' || flags.noCi || summary === '') return;
  const { appendFile } = await import('#io/append-file.js');
  appendFile(resolve(cwd, summary), diffMarkdown(diff));
}
