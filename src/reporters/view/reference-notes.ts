import type { Report, ReportRun } from '#report/types.js';
import { formatNumber } from './format-number.js';
import type { Ink } from './layout.js';
import { counted, stepName } from './step-text.js';

type RunReference = NonNullable<ReportRun['reference']>;

/** Of the metrics that a run is outside by. */
const MOST_NAMED = 4;

/** Says how a run compares with the reference, and which of its metrics could not be compared; nothing without one. */
export function referenceNotes(
  { reference: compared }: Pick<ReportRun, 'reference'>,
  { reference }: Pick<Report, 'reference'>,
  ink: Pick<Ink, 'text'>,
): string[] {
  if (reference === undefined || compared === undefined) return [];
  const { runs, alpha } = reference;
  const path = ink.text(reference.path);
  const of = alpha === null ? 'one golden run' : `${counted(runs, 'run')}, level ${alpha}`;
  const place = compared.judged === 0 ? null : placeText(compared);
  return [
    `Reference ${path} (${of})${place === null ? '' : `: ${place}`}, ${counted(compared.judged, 'step')} compared.`,
    ...notJudged(compared.notJudged).map((text) => `${ink.text(text)}.`),
  ];
}

/** Says whether a run is outside, since when and by what, and its p; null of one golden run, which has no outside. */
export function placeText({ p, since, by = [] }: Pick<RunReference, 'p' | 'since' | 'by'>): string | null {
  if (p === null) return null;
  const more = by.length > MOST_NAMED ? ` and ${by.length - MOST_NAMED} more` : '';
  const named = by.length === 0 ? '' : ` by ${by.slice(0, MOST_NAMED).join(', ')}${more}`;
  return `${since === null ? 'inside' : `outside since ${stepName(since)}${named}`}, p ${formatNumber(p)}`;
}

function notJudged(list: RunReference['notJudged']): string[] {
  const byReason = new Map<string, string[]>();
  for (const { metric, reason, steps } of list) {
    const key = `at ${counted(steps, 'step')}: ${reason}`;
    byReason.set(key, [...(byReason.get(key) ?? []), metric]);
  }
  return [...byReason].map(
    ([key, metrics]) => `${metrics.join(', ')} not compared with the reference ${key}`,
  );
}
