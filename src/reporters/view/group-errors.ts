import type { ReportError } from '#report/types.js';

/** Of the steps that share an error. */
const MOST_SHOWN = 6;
/** Of the kinds of one error that differ in other numbers. */
const MOST_COMPARED = 16;

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
  const groups: ReportError[][] = [];
  const byWords = new Map<string, ReportError[][]>();
  for (const error of errors) {
    const { code, message, hint, run, excerpt } = error;
    const words = JSON.stringify([code, run, excerpt, wordsOf(message), wordsOf(hint)]);
    const alike = byWords.get(words) ?? [];
    byWords.set(words, alike);
    const group = alike.find(([first]) => differInStep(first!, error));
    if (group !== undefined) group.push(error);
    else {
      groups.push([error]);
      if (alike.length < MOST_COMPARED) alike.push(groups.at(-1)!);
    }
  }
  return groups.map((group) => {
    const steps = [...new Set(group.flatMap(({ step }) => (typeof step === 'number' ? [step] : [])))];
    return { ...group[0]!, ...(steps.length === 0 ? {} : { steps: stepsText(steps) }) };
  });
}

function wordsOf(text: string | undefined): string | undefined {
  return text?.replace(/\d+/g, '#');
}

/** Is true for errors of two steps of one run whose numbers are the same, or each the number of its step, padded or not. */
function differInStep(first: ReportError, other: ReportError): boolean {
  // Without a step nothing says that two are one.
  if (typeof first.step !== 'number' || typeof other.step !== 'number' || first.run === undefined)
    return false;
  const [numbers, others] = [first, other].map(
    ({ message, hint }) => `${message}\n${hint ?? ''}`.match(/\d+/g) ?? [],
  );
  return numbers!.every((number, i) => {
    const its = others![i]!;
    return number === its || (Number(number) === first.step && Number(its) === other.step);
  });
}

function stepsText(steps: readonly number[]): string {
  const shown = steps.slice(0, MOST_SHOWN).join(', ');
  const more = steps.length > MOST_SHOWN ? ` and ${steps.length - MOST_SHOWN} more` : '';
  return `step${steps.length === 1 ? '' : 's'} ${shown}${more}`;
}
