import type { ReportStep } from '#report/types.js';

/** Names what became of a step, in one word. */
export function stepStatus({ judged, alerts }: ReportStep): 'alert' | 'warning' | 'ok' | 'not judged' {
  if (!judged) return 'not judged';
  if (alerts.some(({ level }) => level === 'error')) return 'alert';
  return alerts.length > 0 ? 'warning' : 'ok';
}
