import type { ReportRun } from '#report/types.js';
import { stepName } from '../view/step-text.js';
import { xmlText } from '../view/xml-text.js';

/** What a run shows, since when, and what that rests on; '' where the report has no diagnosis of it. */
export function diagnosisBlock({ diagnosis, steps }: ReportRun): string {
  if (diagnosis === undefined) return '';
  const { label, since, evidence } = diagnosis;
  const from = since === null || steps.length === 1 ? '' : ` since ${stepName(since)}`;
  const good = label === 'healthy' ? 'ok' : label === 'not enough data' ? 'dim' : 'alert';
  const items = evidence.map((line) => `<li>${xmlText(line)}`).join('');
  const ground = items === '' ? '' : `<ul>${items}</ul>`;
  return `<div class="diagnosis"><p>Diagnosis: <b class="${good}">${xmlText(label)}</b>${from}</p>${ground}</div>`;
}
