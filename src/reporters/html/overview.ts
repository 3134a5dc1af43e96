import type { MetricCatalogue, ReportMetricId } from '#report/metric-facts.js';
import type { Report, ReportRun } from '#report/types.js';
import { alertSpans, worstSpansFirst } from '../view/alert-spans.js';
import { ruledMetrics } from '../view/criterion-metric.js';
import { printable } from '../view/printable.js';
import { STATUS_WORDS } from '../view/status-words.js';
import { counted } from '../view/step-text.js';
import { xmlText } from '../view/xml-text.js';
import { branchMaps } from './branch-maps.js';
import { CHART, type Line } from './draw/chart.js';
import { chartText, distances, jsonAttribute } from './draw/chart-text.js';
import { drawChart, PAINT } from './draw/draw-chart.js';
import { thinned } from './draw/paths.js';
import { stepsOf } from './run-chart.js';
import { legendKey, svgOpen } from './svg.js';

const MAX_LISTED = 300;
const MOST_CHARTS = 6;
/** Stretches of all lines together. */
const MAX_BUCKETS = 1600;

/** Every run: over one another in small multiples, and in a table with what became of each; `runs` are worst first. */
export function overview(
  runs: readonly ReportRun[],
  report: Report,
  catalogue: MetricCatalogue,
  drawn: number,
): string {
  if (runs.length === 0) return '';
  const lists = [...new Set(runs.map((run) => distances(stepsOf(run))))];
  const ids = tellingMetrics(runs, report, catalogue);
  const figures = ids.map((id) => figure(id, runs, lists, Math.floor(MAX_BUCKETS / ids.length), catalogue));
  const present = [...new Set(runs.map(({ status }) => status))];
  const legend = present.map((status) =>
    legendKey(
      `<path class="line ${status}" d="M1 5H27" fill="none" ${PAINT[status]}/>`,
      STATUS_WORDS[status],
    ),
  );
  const charts =
    ids.length === 0
      ? ''
      : `<p class="legend">${legend.join(' ')}<span class="hint"></span></p>\n<div class="charts">\n${figures.join('\n')}\n</div>`;
  return `<section class="overview" data-lists='${jsonAttribute(JSON.stringify(lists))}'>
<h2>${counted(runs.length, 'run')}</h2>
${charts}
${branchMaps(runs, ids)}
${runTable(runs, drawn)}
</section>`;
}

/** The metrics that tell runs apart: those that alerted in most runs first, then the others that rules are about. */
function tellingMetrics(
  runs: readonly ReportRun[],
  report: Report,
  catalogue: MetricCatalogue,
): ReportMetricId[] {
  const steps = runs.flatMap((run) => run.steps);
  const ruled = ruledMetrics(report, steps);
  const alerting = (id: ReportMetricId) => {
    const levels = runs.map(({ steps }) =>
      steps.flatMap(({ alerts }) => alerts.filter(({ metric }) => metric === id)),
    );
    return (
      levels.filter((own) => own.some(({ level }) => level === 'error')).length * 1e4 +
      levels.filter((own) => own.length > 0).length
    );
  };
  const ids = (Object.keys(catalogue) as ReportMetricId[]).filter(
    (id) => ruled.has(id) && steps.some(({ metrics }) => metrics[id] != null),
  );
  const gravity = new Map(ids.map((id) => [id, alerting(id)]));
  return ids.sort((a, b) => gravity.get(b)! - gravity.get(a)!).slice(0, runs.length > 50 ? 3 : MOST_CHARTS);
}

function figure(
  id: ReportMetricId,
  runs: readonly ReportRun[],
  lists: readonly string[],
  buckets: number,
  catalogue: MetricCatalogue,
): string {
  const all = runs.map(stepsOf);
  const each = Math.max(3, Math.min(100, Math.floor(buckets / runs.length)));
  // Worst last, so that they lie above.
  const listed = runs
    .map((run, i) => {
      const y = run.steps.map(({ metrics }) => metrics[id] ?? null);
      const kept = thinned(y, each).filter((k) => k >= 0);
      const line: Line = {
        name: printable(run.run),
        kind: run.status,
        run: i + 1,
        x: kept.map((k) => all[i]![k]!),
        y: kept.map((k) => y[k]!),
      };
      return { line, of: lists.indexOf(distances(all[i]!)) };
    })
    .reverse();
  const lines = listed.map(({ line }) => line);
  const data = chartText(
    listed,
    [],
    [...new Set(lists)].map((list) => all.find((steps) => distances(steps) === list) ?? []),
  );
  const ends = all.flatMap((steps) => (steps.length === 0 ? [] : [steps[0]!, steps.at(-1)!]));
  const view = { from: Math.min(...ends), to: Math.max(...ends), isLog: false, buckets: each };
  const title = catalogue[id]?.title ?? '';
  const label = `${id} of ${counted(runs.length, 'run')} over the steps, a line each`;
  return `<figure class="chart runs" data-metric="${id}" data-chart='${jsonAttribute(data)}'><figcaption><b>${id}</b><br><span class="dim">${xmlText(title)}</span></figcaption>${svgOpen(CHART, label)}<g class="plot">${drawChart({ lines, failing: [] }, view)}</g></svg></figure>`;
}

function runTable(runs: readonly ReportRun[], drawn: number): string {
  const rows = runs.slice(0, MAX_LISTED).map((run, i) => {
    const name = `<bdi>${xmlText(run.run)}</bdi>`;
    const link = i < drawn ? `<a href="#run-${i + 1}">${name}</a>` : name;
    const { began, since, lastGood } = run.diagnosis ?? {};
    const kind = kindOf(run);
    const isNamed = kind !== '' && run.diagnosis?.remedy !== undefined;
    const start = isNamed ? (began ?? since) : worstSpansFirst(alertSpans(run))[0]?.first;
    const cells = [
      `<td class="text"><span class="${run.status}">${STATUS_WORDS[run.status]}</span>`,
      `<td class="text">${xmlText(kind === '' ? '–' : kind)}`,
      `<td>${start ?? '–'}`,
      `<td>${lastGood ?? '–'}`,
      `<td>${run.steps.at(-1)?.step ?? '–'}`,
    ];
    return `<tr data-run="${i + 1}"><th scope="row" class="text">${link}${cells.join('')}`;
  });
  const left = runs.length - rows.length;
  const more = [
    ...(left > 0 ? [`and ${counted(left, 'more run')}`] : []),
    ...(drawn < runs.length ? [`The details of the ${drawn} worst are below.`] : []),
  ]
    .map((text) => `<p class="dim">${text}</p>`)
    .join('');
  const heads = ['run', 'verdict', 'kind', 'began', 'last good step', 'newest step'];
  const head = heads.map((text, i) => `<th scope="col"${i < 3 ? ' class="text"' : ''}>${text}`).join('');
  return `<div class="scroll" tabindex="0" role="region" aria-label="Runs"><table class="runs"><thead><tr>${head}<tbody>\n${rows.join('\n')}\n</table></div>${more}`;
}

/** The kind of collapse; where none has a name, the rule that failed worst. */
function kindOf(run: ReportRun): string {
  const { label, horizon, remedy } = run.diagnosis ?? {};
  if (label !== undefined && remedy !== undefined)
    return horizon === undefined ? label : `horizon ${horizon}: ${label}`;
  const [worst, ...others] = worstSpansFirst(alertSpans(run));
  if (worst === undefined) return '';
  return `${worst.criterion} ${worst.level === 'error' ? 'failed' : 'warned'}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}
