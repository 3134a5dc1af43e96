import type { MetricCatalogue, ReportMetricId } from '../report/metric-facts.js';
import type { Report, ReportError, ReportRun, ReportStep } from '../report/types.js';
import { alertSpans, spanText, worstSpansFirst } from './alert-spans.js';
import { chooseMetrics } from './choose-metrics.js';
import { ruledMetrics } from './criterion-metric.js';
import type { Render } from './define-reporter.js';
import { formatNumber } from './format-number.js';
import { chartOf } from './html-chart.js';
import { diagnosisBlock } from './html-diagnosis.js';
import { horizonSection } from './html-horizons.js';
import { SCRIPT } from './html-script.js';
import { stepTable } from './html-steps.js';
import { STYLE } from './html-style.js';
import { limitText } from './limit-text.js';
import { metricStates } from './metric-state.js';
import { runNotes } from './run-notes.js';
import { counted, stepName, worstFirst } from './step-text.js';
import { sentenceOf } from './verdict.js';
import { xmlText } from './xml-text.js';

/** Points of all curves and cells of all tables together: what keeps the page below 300 KB. */
const MAX_POINTS = 5000;
const MAX_CELLS = 9000;
const MAX_ERRORS = 200;
/** Runs with charts and tables of their own; the milder ones after them have their verdict alone. */
const MAX_DRAWN = 10;
const SIGNS = { atLeast: '≥', atMost: '≤' };
/** Sentences are made safe once, as a whole. */
const RAW = { text: (text: string) => text, dash: '–' };
const WORDS = { ok: 'ok', warning: 'warning', alert: 'alert', error: 'error', 'no-data': 'no data' };
/** A page that can ask nobody for anything. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** One self-contained page, whole without its script and its style. */
export const html: Render = ({ report, catalogue }) => {
  const runs = worstFirst(report.runs);
  const only = runs.length === 1 ? runs[0] : undefined;
  const title = `${WORDS[report.status]}: ${only === undefined ? counted(runs.length, 'run') : only.run}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${xmlText(title)} – embedding-collapse</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1><span class="${report.status}">${WORDS[report.status]}</span>: ${xmlText(report.exitReason)}</h1>
<p class="dim">${xmlText(`${report.tool.name} ${report.tool.version}`)}, exit code ${report.exitCode}</p>
</header>
<main>
${runs.map((run, i) => runSection(run, report, catalogue, i < MAX_DRAWN)).join('\n')}
${errorSection(report.errors)}
${configuration(report)}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
};

function runSection(run: ReportRun, report: Report, catalogue: MetricCatalogue, drawn: boolean): string {
  const step = run.steps.findLast(({ judged }) => judged) ?? run.steps.at(-1);
  const head = `<h2><bdi>${xmlText(run.run)}</bdi>: <span class="${run.status}">${WORDS[run.status]}</span></h2>
<p>${xmlText(sentenceOf(run, report, RAW))}.</p>
${diagnosisBlock(run)}`;
  if (step === undefined) return `<section class="run">\n${head}\n</section>`;
  if (!drawn) return `<section class="run">\n${head}\n${alertTable(run)}\n</section>`;
  const ids = Object.keys(step.metrics) as ReportMetricId[];
  const { shown } = chooseMetrics(ids, ruledMetrics(report, run.steps), catalogue, false);
  const ordered = metricStates(ids, step, run, report, true);
  const share = Math.min(MAX_DRAWN, report.runs.length);
  const buckets = Math.max(10, Math.floor(MAX_POINTS / 2 / (share * ids.length)));
  const rows = Math.max(20, Math.floor(MAX_CELLS / (share * (shown.length + 3))));
  const { diagnosis: _, ...told } = run;
  const notes = runNotes(told, step, new Set(ids), report, RAW).map((note) => `<li>${xmlText(note)}`);
  return `<section class="run">
${head}
<p class="dim">${factsOf(run, step)}</p>
${alertTable(run)}
${notes.length === 0 ? '' : `<ul>${notes.join('')}</ul>`}
<h3>Metrics over the steps</h3>
<p class="dim">Solid: the value. Dashed: the bound it is held to. Dotted: the baseline. Shaded, with a mark where it begins: failed; paler and hollow where that is a warning.</p>
<div class="charts">
${ordered.map((state) => figure(run, step, state, catalogue, buckets)).join('\n')}
</div>
${horizonSection(step, ids, catalogue)}
<h3>Steps</h3>
${stepTable(run, shown, rows)}
${inputs(step)}
</section>`;
}

function factsOf(run: ReportRun, step: ReportStep): string {
  const { baseline } = run;
  const from =
    baseline === null
      ? ''
      : `; baseline distance ${formatNumber(baseline.pairwise_pred_dist_mean)} (${baseline.source === 'flag' ? 'given' : stepName(baseline.step)})`;
  return `${counted(run.steps.length, 'step')}, the newest judged is ${stepName(step.step)} with ${counted(step.rows, 'row')} × ${counted(step.dims, 'dimension')}${from}`;
}

function alertTable(run: ReportRun): string {
  const rows = worstSpansFirst(alertSpans(run)).map((span) => {
    const cells = [
      span.criterion,
      span.level === 'error' ? 'alert' : 'warning',
      spanText(span, '–'),
      span.stillFailing ? 'still failing' : 'recovered',
      span.alert.message,
    ];
    return `<tr>${cells.map((cell) => `<td class="text">${xmlText(cell)}`).join('')}`;
  });
  if (rows.length === 0) return '';
  const heads = ['criterion', 'level', 'since', 'now', 'at the last failing step'];
  return `<h3>What failed</h3>
<table><thead><tr>${heads.map((text) => `<th scope="col" class="text">${text}`).join('')}<tbody>${rows.join('\n')}</table>`;
}

function figure(
  run: ReportRun,
  step: ReportStep,
  { id, word, finding }: ReturnType<typeof metricStates>[number],
  catalogue: MetricCatalogue,
  buckets: number,
): string {
  const value = step.metrics[id];
  const facts = catalogue[id];
  const unit = facts === undefined || facts.unit === 'unitless' ? '' : ` ${facts.unit}`;
  const parts = [
    value == null ? 'no value' : formatNumber(value) + unit,
    limitText(finding, SIGNS),
    word,
  ].filter(Boolean);
  return `<figure data-metric="${id}"><figcaption><b>${id}</b> <span class="dim">${xmlText(facts?.title ?? '')}</span><br>${xmlText(parts.join(', '))}</figcaption>${chartOf(run, id, buckets)}</figure>`;
}

function inputs(step: ReportStep): string {
  const rows = Object.entries(step.inputs).map(([role, { path, key, dtype, shape }]) => {
    const place = key === undefined ? path : `${path} (${key})`;
    return `<li>${xmlText(role)}: <bdi>${xmlText(place)}</bdi>, ${xmlText(dtype)} [${shape.join(', ')}]`;
  });
  return `<h3>Inputs of ${stepName(step.step)}</h3><ul>${rows.join('')}</ul>`;
}

function errorSection(errors: readonly ReportError[]): string {
  if (errors.length === 0) return '';
  const items = errors.slice(0, MAX_ERRORS).map(({ code, message, path, run, hint }) => {
    const place = path ?? run;
    const where = place === undefined ? '' : `<br><bdi>${xmlText(place)}</bdi>`;
    return `<li><b>${code}</b> ${xmlText(message)}${where}${hint === undefined ? '' : `<br>help: ${xmlText(hint)}`}`;
  });
  const left = errors.length - items.length;
  const more = left > 0 ? `<p>and ${left} more</p>` : '';
  return `<section><h2>${counted(errors.length, 'error')}</h2><ul>${items.join('\n')}</ul>${more}</section>`;
}

function configuration({ rules }: Report): string {
  const items = rules.map(({ expression, level }) => `<li>${level}: <code>${xmlText(expression)}</code>`);
  return `<section><h2>Rules</h2><p>An alert where one of these holds:</p><ul>${items.join('')}</ul></section>`;
}
