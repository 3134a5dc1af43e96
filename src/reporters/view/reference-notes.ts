import type { Report, ReportRun } from '#report/types.js';
import { formatNumber } from './format-number.js';
import type { Ink } from './layout.js';
import { counted, stepName } from './step-text.js';

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
  const place = compared.since === null ? 'inside' : `outside since ${stepName(compared.since)}`;
  const level = compared.p === null ? '' : `: ${place}, p ${formatNumber(compared.p)}`;
  return [
    `Reference ${path} (${of})${level}, ${counted(compared.judged, 'step')} compared.`,
    ...notJudged(compared.notJudged).map((text) => `${ink.text(text)}.`),
  ];
}

function notJudged(list: NonNullable<ReportRun['reference']>['notJudged']): string[] {
  const byReason = new Map<string, string[]>();
  for (const { metric, reason, steps } of list) {
    const key = `at ${counted(steps, 'step')}: ${reason}`;
    byReason.set(key, [...(byReason.get(key) ?? []), metric]);
  }
  return [...byReason].map(
    ([key, metrics]) => `${metrics.join(', ')} not compared with the reference ${key}`,
  );
}
