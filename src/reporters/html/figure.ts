import type { MetricCatalogue } from '#report/metric-facts.js';
import type { ReportRun, ReportStep } from '#report/types.js';
import { alertSpans } from '../view/alert-spans.js';
import { formatNumber } from '../view/format-number.js';
import { limitText } from '../view/limit-text.js';
import type { MetricState } from '../view/metric-state.js';
import { stepName } from '../view/step-text.js';
import { xmlText } from '../view/xml-text.js';
import { chartOf } from './chart.js';

const SIGNS = { atLeast: '≥', atMost: '≤' };
const CLASSES: Readonly<Record<string, string>> = { FAIL: 'alert', WARN: 'warning', ok: 'ok' };

/** A metric's name, verdict, value and bound at `step`, and its chart over all of them. */
export function metricFigure(
  run: ReportRun,
  step: ReportStep,
  { id, word, finding }: MetricState,
  catalogue: MetricCatalogue,
  buckets: number,
): string {
  const value = step.metrics[id];
  const facts = catalogue[id];
  const unit = facts === undefined || facts.unit === 'unitless' ? '' : ` ${facts.unit}`;
  const shown = value == null ? 'no value' : `<b class="value">${formatNumber(value)}</b>${unit}`;
  const bound = limitText(finding, SIGNS);
  const parts = [
    shown,
    bound === '' ? '' : `must be ${bound.replaceAll(' ', '\u00a0')}`,
    sinceText(run, id, word),
  ].filter(Boolean);
  const { svg, at, values } = chartOf(run, id, buckets);
  const title = facts === undefined ? '' : `<br><span class="dim">${xmlText(facts.title)}</span>`;
  const verdict = word === '' ? '' : ` <span class="pill ${CLASSES[word] ?? 'dim'}">${word}</span>`;
  return `<figure data-metric="${id}" data-at="${at}" data-values="${values}"><figcaption><b>${id}</b>${verdict}${title}<br>${parts.join(', ')}</figcaption>${svg}</figure>`;
}

/** From which step on a metric that fails now has failed. */
function sinceText(run: ReportRun, id: MetricState['id'], word: MetricState['word']): string {
  if (word !== 'FAIL' && word !== 'WARN') return '';
  const level = word === 'FAIL' ? 'error' : 'warn';
  const own = alertSpans(run).filter((span) => span.alert.metric === id && span.level === level);
  const firsts = own.flatMap(({ first }) => (first === null ? [] : [first]));
  if (firsts.length === 0 || run.steps.length === 1) return '';
  return `first failed at ${stepName(Math.min(...firsts))}`;
}
