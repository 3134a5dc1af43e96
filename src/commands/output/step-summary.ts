import { resolve } from 'node:path';
import { CollapseError } from '#errors.js';
import { appendFile } from '#io/append-file.js';
import type { FlagValues } from '#options/flags.js';
import { render } from '#reporters/index.js';
import type { RenderOptions, ReportDocument } from '#reporters/view/define-reporter.js';
import type { CommandContext } from '../input/context.js';

/**
 * Under GitHub Actions the markdown report goes into the job's summary, unless --no-ci. Nobody asked for it by name,
 * so a summary that cannot be written is a warning and not the verdict.
 */
export async function appendStepSummary(
  document: ReportDocument,
  style: Omit<RenderOptions, 'color' | 'width'>,
  flags: FlagValues,
  { cwd, env, stderr }: CommandContext,
): Promise<void> {
  const path = env.GITHUB_STEP_SUMMARY ?? '';
  if (env.GITHUB_ACTIONS !== 'true' || path === '' || flags.noCi) return;
  const text = await render('markdown', document, { ...style, color: false, width: 100 });
  try {
    appendFile(resolve(cwd, path), text);
  } catch (error) {
    if (!(error instanceof CollapseError)) throw error;
    const { formatWarning } = await import('#reporters/terminal/error-block.js');
    stderr.write(formatWarning({ message: `no job summary: ${error.message}`, path }, { color: false }));
  }
}
