import { Chalk } from 'chalk';
import type { ReportError, ReportWarning } from '../report/types.js';
import { printable } from './printable.js';

/**
 * An error for stderr:
 *
 *     error[E203] the payload has 4080 bytes, the header says 4096
 *       --> runs/exp1/step_500/prediction.npy (step 500)
 *       help: write the file again
 */
export function formatError(error: ReportError, { color }: { readonly color: boolean }): string {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const help = error.hint === undefined ? '' : `  ${chalk.cyan('help:')} ${printable(error.hint)}\n`;
  return `${chalk.red.bold(`error[${error.code}]`)} ${printable(error.message)}\n${place(error)}${help}`;
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
