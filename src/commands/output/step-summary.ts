import { resolve } from 'node:path';
import { CollapseError, OutputError } from '#errors.js';
import { appendFile } from '#io/append-file.js';
import { isBinary } from '#io/regular-file.js';
import { render } from '#reporters/index.js';
import type { RenderOptions, ReportDocument } from '#reporters/view/define-reporter.js';
import type { CommandContext } from '../input/context.js';

/**
 * Appends the markdown report to the summary of a job of GitHub Actions, where it has one. It was not asked for by name,
 * so a summary that cannot be written is a warning and not the verdict.
 */
export async function appendStepSummary(
  document: ReportDocument,
  style: Omit<RenderOptions, 'color' | 'width'>,
  { cwd, env, stderr }: CommandContext,
): Promise<void> {
  const path = env.GITHUB_STEP_SUMMARY ?? '';
  if (path === '') return;
  const text = await render('markdown', document, { ...style, color: false, width: 100 });
  try {
    if (isBinary(resolve(cwd, path))) throw new OutputError('E401', 'it is a file of data', { path });
    appendFile(resolve(cwd, path), text);
  } catch (error) {
    if (!(error instanceof CollapseError)) throw error;
    const { formatWarning } = await import('#reporters/terminal/error-block.js');
    stderr.write(formatWarning({ message: `no job summary: ${error.message}`, path }, { color: false }));
  }
}
