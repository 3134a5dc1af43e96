import type { ReportRun } from '#report/types.js';
import { alertSpans } from '../view/alert-spans.js';
import { horizonKinds } from '../view/horizon-rows.js';
import { stepName } from '../view/step-text.js';
import { xmlText } from '../view/xml-text.js';
import { prose } from './prose.js';

/** Says what a run shows, since when, what to do and what that rests on; '' where the report has no diagnosis of it. */
export function diagnosisBlock(run: ReportRun): string {
  const { diagnosis, branch, steps } = run;
  if (diagnosis === undefined) return '';
  const { label, since, evidence, began, lastGood, recovered, remedy, horizon } = diagnosis;
  const isNamed = label !== 'healthy' && label !== 'not enough data';
  const of = branch === undefined ? '' : ` of ${branch}`;
  const whose = horizon === undefined ? '' : `horizon ${horizon}: `;
  const from = since === null || steps.length === 1 ? '' : ` since ${stepName(began ?? since)}`;
  const failure = failed(run);
  const [tone, name, after] =
    label === 'healthy' && failure !== ''
      ? (['alert', 'no collapse that has a name', `, but ${failure}`] as const)
      : ([
          isNamed ? 'alert' : label === 'healthy' && run.status === 'ok' ? 'ok' : 'dim',
          label,
          from,
        ] as const);
  const sofar = label === 'healthy' && run.status === 'early' ? ' so far: too early to tell' : '';
  const facts = [
    ...(!isNamed || began == null ? [] : [['began', stepName(began)]]),
    ...(!isNamed || since === null || steps.length === 1 ? [] : [['confirmed', stepName(since)]]),
    ...(lastGood === undefined ? [] : [['last good step', lastGood === null ? 'none' : String(lastGood)]]),
    ...(recovered == null ? [] : [['recovered', stepName(recovered)]]),
  ].map(([term, said]) => `<div><dt>${term}</dt><dd>${xmlText(said ?? '')}</dd></div>`);
  const last = steps.findLast(({ judged }) => judged);
  const others =
    last === undefined ? [] : horizonKinds(last).filter((line) => line !== `horizon ${horizon}: ${label}`);
  const items = [...evidence, ...others].map((line) => `<li>${xmlText(line)}</li>`).join('');
  const help = remedy === undefined ? '' : `<p class="help"><b>What to do:</b> ${prose(remedy)}.</p>`;
  return `<div class="diagnosis" data-tone="${tone}"><p>${xmlText(`Diagnosis${of}: ${whose}`)}<b class="${tone}">${xmlText(name)}</b>${xmlText(after || sofar)}${label === 'not enough data' && failure !== '' ? `; ${xmlText(failure)}` : ''}</p>${facts.length === 0 ? '' : `<dl>${facts.join('')}</dl>`}${help}${items === '' ? '' : `<ul>${items}</ul>`}</div>`;
}

/** Says which rules a run failed that decide, or warned; '' where none did. */
function failed(run: ReportRun): string {
  if (run.status === 'ok' || run.status === 'early') return '';
  const spans = alertSpans(run);
  const level = spans.some((span) => span.level === 'error') ? 'error' : 'warn';
  const own = spans.filter((span) => span.level === level).map(({ criterion }) => criterion);
  if (own.length === 0) return '';
  return `${own.slice(0, 3).join(', ')}${own.length > 3 ? ` and ${own.length - 3} more` : ''} ${level === 'error' ? 'failed' : 'warned'}`;
}
