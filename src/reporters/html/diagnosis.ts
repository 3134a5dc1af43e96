import type { ReportRun } from '#report/types.js';
import { stepName } from '../view/step-text.js';
import { xmlText } from '../view/xml-text.js';

/** What a run shows, since when, and what that rests on; '' where the report has no diagnosis of it. */
export function diagnosisBlock({ diagnosis, steps }: ReportRun): string {
  if (diagnosis === undefined) return '';
  const { label, since, evidence, began, lastGood, recovered, remedy } = diagnosis;
  const from = since === null || steps.length === 1 ? '' : ` since ${stepName(began ?? since)}`;
  const good = label === 'healthy' ? 'ok' : label === 'not enough data' ? 'dim' : 'alert';
  const items = evidence.map((line) => `<li>${xmlText(line)}`).join('');
  const ground = items === '' ? '' : `<ul>${items}</ul>`;
  const when = [
    ...(began == null || since === null || began === since
      ? []
      : [`It was confirmed at ${stepName(since)}.`]),
    ...(lastGood == null ? [] : [`The last good step is ${lastGood}.`]),
    ...(recovered == null ? [] : [`The run had recovered at ${stepName(recovered)}.`]),
  ].join(' ');
  const help = remedy === undefined ? '' : `<p>What to do: ${xmlText(remedy)}.</p>`;
  return `<div class="diagnosis"><p>Diagnosis: <b class="${good}">${xmlText(label)}</b>${from}${when === '' ? '' : `. ${when}`}</p>${ground}${help}</div>`;
}
