/** A collapse is seen where an alert comes at its onset or later, or at most this many saved steps before: a probe has its own delay. */
export const BEFORE = 3;
/** Seen in time: at most this many saved steps, or this many steps, after the onset. */
export const SAVED_STEPS = 3;
export const STEPS = 400;

const KINDS = { healthy: 'healthy', ambiguous: 'ambiguous' };

/** What one way of judging made of one labelled run; `report` is its run in the tool's JSON report, or undefined. */
export function outcome(label, report) {
  const judged = (report?.steps ?? []).filter((step) => step.judged);
  const kind = KINDS[label.outcome] ?? 'collapsed';
  const from = kind === 'collapsed' ? label.onset_step - BEFORE * label.every : 0;
  const errors = alerting(judged, 'error');
  const seenAt = errors.find((step) => step >= from);
  const lag = kind === 'collapsed' && seenAt !== undefined ? seenAt - label.onset_step : null;
  const name = report?.diagnosis?.label ?? 'none';
  return {
    label,
    kind,
    name,
    lag,
    errors,
    judged: judged.length,
    alerts: seenAt !== undefined,
    warns: seenAt === undefined && alerting(judged, 'warn').some((step) => step >= from),
    savedLag: lag === null ? null : lag / label.every,
    inSavedSteps: lag !== null && lag <= SAVED_STEPS * label.every,
    inSteps: lag !== null && lag <= STEPS,
    early: errors.filter((step) => step < from),
    named: kind === 'collapsed' && label.either.includes(name),
    rules: [...new Set(judged.flatMap(({ alerts }) => alerts.map(ruleName)))],
  };
}

function alerting(judged, level) {
  return judged.flatMap(({ step, alerts }) => (alerts.some((alert) => alert.level === level) ? [step] : []));
}

/** A rule that only warns has a question mark. */
function ruleName({ criterion, level }) {
  return `${criterion.replace('jepa.', '')}${level === 'warn' ? '?' : ''}`;
}
