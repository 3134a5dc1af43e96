import type { Report, ReportRun } from '#report/types.js';
import { type AlertSpan, alertSpans } from './alert-spans.js';
import { stepName, worstFirst } from './step-text.js';

/**
 * Says what would have silenced an alarm that is false, and where the criteria of the reference decide otherwise: one
 * sentence each, none where there is nothing to silence.
 */
export function waysOut(report: Report): string[] {
  const worst = worstFirst(report.runs).find(({ status }) => status === 'alert');
  const ways = worst === undefined ? null : silencing(worst, report);
  const alarm = ways === null ? null : `If this is a false alarm: ${ways}.`;
  return [alarm, referenceText(report)].filter((text) => text !== null);
}

/** Says which flags would have silenced the alerts of a run, as they would be written; null where none would. */
export function silencing(run: ReportRun, report: Report): string | null {
  const spans = alertSpans(run).filter(({ level }) => level === 'error');
  if (spans.length === 0) return null;
  const ways = [...bySteps(spans), ...byRules(spans, report)];
  return ways.length === 0 ? null : ways.join('; ');
}

function bySteps(spans: readonly AlertSpan[]): string[] {
  const last = spans.reduce((most, span) => Math.max(most, span.last ?? -1), -1);
  if (last < 0) return [];
  // With the newest step failing, a later start would leave no step to judge.
  if (spans.some(({ stillFailing }) => stillFailing)) return [];
  const recovered = spans.reduce((most, span) => Math.max(most, span.recovered ?? 0), 0);
  return [
    `the run recovered at ${stepName(recovered)}, and \`--judge latest\` or \`--after ${last}\` leaves out what was before`,
  ];
}

function byRules(spans: readonly AlertSpan[], { rules }: Report): string[] {
  const ids = spans
    .map(({ criterion }) => criterion)
    .filter((id) => rules.some((rule) => rule.id === id && rule.preset !== undefined));
  const [first] = ids;
  if (first === undefined) return [];
  const flags = ids.map((id) => `--ignore=${id}`).join(' ');
  return [
    `\`${flags}\` judges without ${ids.length === 1 ? 'that rule' : 'those rules'}, and \`collapse explain ${first}\` says why it exists`,
  ];
}

/** Where nobody named a preset: says that the reference's criteria alone would decide otherwise; null where not. */
export function referenceText({ rules, runs, status }: Report): string | null {
  if (status === 'error' || status === 'no-data') return null;
  const ofReference = rules.filter(({ preset }) => preset === 'rfc-0005');
  const isDefault = ofReference.some(({ level }) => level === 'warn');
  const ids = new Set(ofReference.map(({ id }) => id));
  const steps = runs.flatMap((run) => run.steps);
  const alerts = steps.flatMap((step) => step.alerts);
  const isJudged = steps.some(({ alerts, held }) =>
    [...alerts, ...held].some(({ criterion }) => ids.has(criterion)),
  );
  const fails = alerts.some(({ level }) => level === 'error');
  const failsByReference = alerts.some(({ criterion }) => ids.has(criterion));
  if (!isDefault || !isJudged || fails === failsByReference) return null;
  const would = failsByReference ? 'fail' : 'pass';
  return `The criteria of RFC-0005 alone would ${would} here: \`--preset rfc-0005\` judges by them.`;
}
