import { Chalk, type ChalkInstance } from 'chalk';
import type { ReportError, ReportWarning } from '../report/types.js';
import { printable } from './printable.js';

/**
 * An error for stderr:
 *
 *     error[E203] the payload has 4080 bytes, the header says 4096
 *       --> runs/exp1/step_500/prediction.npy (step 500)
 *       help: write the file again
 *
 * and where the user's own writing is at fault, that line with carets under the words.
 */
export function formatError(error: ReportError, { color }: { readonly color: boolean }): string {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const help = error.hint === undefined ? '' : `  ${chalk.cyan('help:')} ${printable(error.hint)}\n`;
  return `${chalk.red.bold(`error[${error.code}]`)} ${printable(error.message)}\n${place(error)}${excerpt(error, chalk)}${help}`;
}

export function formatWarning(warning: ReportWarning, { color }: { readonly color: boolean }): string {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  return `${chalk.yellow.bold('warning:')} ${printable(warning.message)}\n${place(warning)}`;
}

function place({ path, run, step }: ReportWarning): string {
  const where = path ?? run;
  if (where === undefined) return '';
  return `  --> ${printable(where)}${typeof step === 'number' ? ` (step ${step})` : ''}\n`;
}

const EXCERPT_CONTEXT = 48;

/** The text at fault with carets under what is wrong; of a long text only the surroundings. */
function excerpt({ excerpt }: ReportError, chalk: ChalkInstance): string {
  if (excerpt === undefined) return '';
  const { text, start, end } = excerpt;
  const from = start > EXCERPT_CONTEXT ? start - EXCERPT_CONTEXT : 0;
  const to = Math.min(end, start + EXCERPT_CONTEXT);
  const rest = text.slice(to, to + EXCERPT_CONTEXT);
  const before = `${from > 0 ? '...' : ''}${oneLine(text.slice(from, start))}`;
  const wrong = oneLine(text.slice(start, to));
  const after = `${oneLine(rest)}${to + rest.length < text.length ? '...' : ''}`;
  const carets = '^'.repeat(Math.max(1, wrong.length));
  return `    ${before}${wrong}${after}\n    ${' '.repeat(before.length)}${chalk.red.bold(carets)}\n`;
}

function oneLine(text: string): string {
  return printable(text.replace(/\s/g, ' '));
}
