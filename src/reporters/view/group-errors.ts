import type { ReportError } from '#report/types.js';

/** Of the steps that share an error. */
const MOST_SHOWN = 6;

/** An error, once for all the steps of a run that it occurs at. */
export interface GroupedError extends ReportError {
  /** 'step 100', 'steps 100, 200, 300 and 7 more'; absent for an error without a step. */
  readonly steps?: string;
}

/**
 * Joins errors of one run that differ in nothing but the step, also where their messages name it, and the file; in the
 * order of the first of each.
 */
export function groupErrors(errors: readonly ReportError[]): GroupedError[] {
  const groups = new Map<string, ReportError[]>();
  for (const error of errors) {
    const { code, message, hint, run, excerpt, step } = error;
    // Without a step nothing says that two are one.
    const apart = typeof step === 'number' && run !== undefined ? null : groups.size;
    const key = JSON.stringify([
      code,
      withoutStep(message, step),
      withoutStep(hint, step),
      run,
      excerpt,
      apart,
    ]);
    groups.set(key, [...(groups.get(key) ?? []), error]);
  }
  return [...groups.values()].map((group) => {
    const steps = [...new Set(group.flatMap(({ step }) => (typeof step === 'number' ? [step] : [])))];
    return { ...group[0]!, ...(steps.length === 0 ? {} : { steps: stepsText(steps) }) };
  });
}

/** Returns a text with the number of its step, padded or not, taken out: 'run/step_0500/h.npy' is that of any step. */
function withoutStep(text: string | undefined, step: ReportError['step']): string | undefined {
  return typeof step === 'number' ? text?.replace(new RegExp(`(?<!\\d)0*${step}(?!\\d)`, 'g'), '#') : text;
}

function stepsText(steps: readonly number[]): string {
  const shown = steps.slice(0, MOST_SHOWN).join(', ');
  const more = steps.length > MOST_SHOWN ? ` and ${steps.length - MOST_SHOWN} more` : '';
  return `step${steps.length === 1 ? '' : 's'} ${shown}${more}`;
}
