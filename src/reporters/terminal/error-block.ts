import { Chalk, type ChalkInstance } from 'chalk';
import type { ReportError, ReportWarning } from '#report/types.js';
import type { GroupedError } from '../view/group-errors.js';
import { printable } from '../view/printable.js';
import { stepName } from '../view/step-text.js';
import { fold } from './fold.js';

/**
 * Writes an error for stderr:
 *
 *     error[E203] the payload has 4080 bytes, the header says 4096
 *       --> runs/exp1/step_500/prediction.npy (step 500)
 *       help: write the file again
 *
 * and where the user's own writing is at fault, that line with carets under the words.
 */
export function formatError(error: GroupedError, screen: Screen): string {
  const chalk = new Chalk({ level: screen.color ? 1 : 0 });
  const head = folded(
    `${chalk.red.bold(`error[${error.code}]`)} ${printable(error.message)}`,
    screen,
    '',
    '  ',
  );
  const hint = error.hint === undefined ? null : `${chalk.cyan('help:')} ${printable(error.hint)}`;
  const help = hint === null ? '' : `${folded(hint, screen, '  ', '        ')}\n`;
  return `${head}\n${place(error, screen)}${excerpt(error, chalk)}${help}`;
}

export function formatWarning(warning: ReportWarning, screen: Screen): string {
  const chalk = new Chalk({ level: screen.color ? 1 : 0 });
  const head = folded(`${chalk.yellow('warning:')} ${printable(warning.message)}`, screen, '', '  ');
  return `${head}\n${place(warning, screen)}`;
}

/** Where a message goes: lines are folded only for a terminal, and stay whole for whatever searches them. */
interface Screen {
  readonly color: boolean;
  readonly width?: number;
  readonly isTTY?: boolean;
}

function folded(text: string, { width, isTTY }: Screen, lead: string, indent: string): string {
  return isTTY && width !== undefined ? fold(text, width, indent, lead) : lead + text;
}

/** Says where; of several files each has a line of its own where one line would be broken in a name. */
function place(
  { path, run, step, steps }: ReportWarning & Pick<GroupedError, 'steps'>,
  { width = 0, isTTY }: Screen,
): string {
  const where = path ?? run;
  if (where === undefined) return '';
  const at = steps ?? (typeof step === 'number' ? stepName(step) : null);
  const line = `  --> ${printable(where)}${at === null ? '' : ` (${at})`}`;
  return `${isTTY && line.length > width ? line.replaceAll(', ', ',\n      ') : line}\n`;
}

const EXCERPT_CONTEXT = 48;

/** Shows the text at fault with carets under what is wrong; of a long text only the surroundings. */
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
