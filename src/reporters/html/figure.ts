import type { MetricCatalogue, ReportMetricId } from '#report/metric-facts.js';
import type { Report, ReportRun, ReportStep } from '#report/types.js';
import { alertSpans } from '../view/alert-spans.js';
import { formatNumber } from '../view/format-number.js';
import { limitText } from '../view/limit-text.js';
import { isOfTarget, type MetricGroup } from '../view/metric-groups.js';
import type { MetricState } from '../view/metric-state.js';
import { stepName } from '../view/step-text.js';
import { xmlText } from '../view/xml-text.js';
import { CHART, isLettered, type Line } from './draw/chart.js';
import { chartText, jsonAttribute } from './draw/chart-text.js';
import { boundLetter, chartWords, drawChart, PAINT } from './draw/draw-chart.js';
import { thinned } from './draw/paths.js';
import { boundLines, failingSteps, metricLines, stepsOf } from './run-chart.js';
import { keyMark, svgOpen } from './svg.js';

const SIGNS = { atLeast: '≥', atMost: '≤' };
const CLASSES: Readonly<Record<string, string>> = {
  FAIL: 'alert',
  WARN: 'warning',
  outside: 'warning',
  ok: 'ok',
};
/** Stretches of a line that the page draws without its script. */
const DRAWN = 60;

/** How much of a run its figures hold. */
export interface Room {
  /** Stretches of each line that the script can draw. */
  readonly held: number;
  readonly drawn: number;
}

/** A chart of one metric over the steps, or of a pair on one axis, with verdicts, values and bounds at `step`. */
export function metricFigure(
  run: ReportRun,
  step: ReportStep,
  { title, states }: MetricGroup,
  report: Report,
  catalogue: MetricCatalogue,
  room: Room,
): string {
  const ids = states.map(({ id }) => id);
  const kindOf = (id: ReportMetricId) => (isOfTarget(id) ? 'target' : 'prediction');
  const values = states.flatMap(({ id }) => metricLines(run, id, kindOf(id)));
  const bounds = states.flatMap(({ id }) => boundLines(run, id, report));
  const lines = [
    ...bounds.map((line) => lessOf(line, Math.ceil(room.held / 4))),
    ...values.map((line) => lessOf(line, room.held)),
  ];
  const failing = failingSteps(run, ids);
  const steps = stepsOf(run);
  const view = { from: steps[0]!, to: steps.at(-1)!, isLog: false, buckets: Math.min(DRAWN, room.drawn) };
  const data = chartText(
    lines.map((line) => ({ line, of: 0 })),
    failing,
    [steps],
  );
  const isNamed = values.length > 1;
  const rows = values.map((line) => {
    const state = states.find(({ id }) => id === line.name);
    return valueRow(line, state, step, run, isNamed);
  });
  const label = `${title} ${chartWords({ lines, failing }, steps.length)}${failureWords(run, ids)}`;
  const pill = isNamed ? '' : pillOf(states[0]);
  return `<figure class="chart" data-metric="${ids.join(' ')}" data-chart='${jsonAttribute(data)}'><figcaption><b>${title}</b>${pill}${titleText(ids, catalogue)}${rows.join('')}${boundText(bounds.filter(isLettered), step)}</figcaption>${svgOpen(CHART, label)}<g class="plot">${drawChart({ lines, failing }, view)}</g></svg></figure>`;
}

/** What a metric is called and measured in; a pair has the words that its members share. */
function titleText(ids: readonly ReportMetricId[], catalogue: MetricCatalogue): string {
  const [first = '', other] = ids.map((id) => catalogue[id]?.title ?? '');
  const name = other === undefined ? first : commonWords(first, other);
  const unit = catalogue[ids[0]!]?.unit ?? 'unitless';
  const said = [...(name === '' ? [] : [name]), ...(unit === 'unitless' ? [] : [unit])].join(' · ');
  return said === '' ? '' : `<br><span class="dim">${xmlText(said)}</span>`;
}

function commonWords(one: string, other: string): string {
  const words = other.toLowerCase().split(' ');
  const shared = one.split(' ').filter((word) => words.includes(word.toLowerCase()));
  const text = shared.join(' ').replace(/,? of$/, '');
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** The bounds by the letters that they have in the chart, and what each asks for at `step`. */
function boundText(bounds: readonly Line[], step: ReportStep): string {
  if (bounds.length === 0) return '';
  const findings = [...step.alerts, ...step.held];
  const parts = bounds.map(({ name, y, rule }, i) => {
    const limit = limitText(
      findings.find(({ criterion }) => criterion === rule),
      SIGNS,
    );
    const last = y.findLast((value) => value !== null);
    const said = limit === '' ? (last == null ? '' : formatNumber(last)) : limit;
    return `<b>${boundLetter(i)}</b>\u00a0${said.replaceAll(' ', '\u00a0')} ${xmlText(name)}`;
  });
  return `<span class="row dim">bounds: ${parts.join(', ')}</span>`;
}

function lessOf(line: Line, held: number): Line {
  const kept = thinned(line.y, held).filter((i) => i >= 0);
  return { ...line, x: kept.map((i) => line.x[i]!), y: kept.map((i) => line.y[i]!) };
}

/** The value of a line at the step that is shown. */
function valueRow(
  { name, kind, y }: Line,
  state: MetricState | undefined,
  step: ReportStep,
  run: ReportRun,
  isNamed: boolean,
): string {
  const value = y[run.steps.indexOf(step)];
  const shown = value == null ? 'no value' : formatNumber(value);
  const key = keyMark(`<path class="line ${kind}" d="M1 5H27" fill="none" ${PAINT[kind]}/>`);
  const named = isNamed ? `${key} ${xmlText(name)} ` : '';
  const since = sinceText(run, state).map((text) => ` <span class="dim">${xmlText(text)}</span>`);
  return `<span class="row">${named}<b class="value">${shown}</b>${isNamed ? pillOf(state) : ''}${since.join('')}</span>`;
}

function pillOf(state: MetricState | undefined): string {
  const word = state?.word ?? '';
  return word === '' ? '' : ` <span class="pill ${CLASSES[word] ?? 'dim'}">${word}</span>`;
}

/** From which step on a metric that fails now has failed. */
function sinceText(run: ReportRun, state: MetricState | undefined): string[] {
  if (state === undefined || (state.word !== 'FAIL' && state.word !== 'WARN') || run.steps.length === 1)
    return [];
  const level = state.word === 'FAIL' ? 'error' : 'warn';
  const own = alertSpans(run).filter((span) => span.alert.metric === state.id && span.level === level);
  const firsts = own.flatMap(({ first }) => (first === null ? [] : [first]));
  return firsts.length === 0 ? [] : [`first failed at ${stepName(Math.min(...firsts))}`];
}

function failureWords({ steps }: ReportRun, ids: readonly ReportMetricId[]): string {
  const said = (level: 'error' | 'warn', verb: string) => {
    const own = steps.filter(({ alerts }) =>
      alerts.some((one) => one.level === level && ids.includes(one.metric)),
    );
    const [first] = own;
    return first === undefined ? '' : `; ${verb} at ${own.length} steps, first at ${stepName(first.step)}`;
  };
  return said('error', 'failed') + said('warn', 'warned');
}
