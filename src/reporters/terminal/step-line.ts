import type { ReportStep } from '#report/types.js';
import { inkFor } from '../view/layout.js';
import { stepStatus } from '../view/step-status.js';
import { stepName } from '../view/step-text.js';

/** Writes one step in one line: a word, coloured where that is wanted, the step, and why. */
export function stepLine(
  step: ReportStep,
  run: string | null,
  options: { readonly color: boolean; readonly ascii: boolean },
): string {
  const ink = inkFor(options);
  const status = stepStatus(step);
  const word = {
    ok: ink.chalk.green.bold('ok'),
    alert: ink.chalk.red.bold('ALERT'),
    warning: ink.chalk.yellow('WARN'),
    'not judged': ink.chalk.dim('not judged'),
  }[status];
  const reasons =
    status === 'not judged' ? [step.notJudged ?? ''] : step.alerts.map(({ message }) => message);
  const why = reasons.length === 0 ? '' : `: ${ink.text(reasons.join('; '))}`;
  return `${word} ${run === null ? '' : `${ink.text(run)}, `}${stepName(step.step)}${why}\n`;
}
