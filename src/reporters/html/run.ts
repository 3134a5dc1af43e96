import type { MetricCatalogue, ReportMetricId } from '#report/metric-facts.js';
import type { Report, ReportRun, ReportStep } from '#report/types.js';
import { alertSpans, spanText, worstSpansFirst } from '../view/alert-spans.js';
import { chooseMetrics } from '../view/choose-metrics.js';
import { ruledMetrics } from '../view/criterion-metric.js';
import { formatNumber } from '../view/format-number.js';
import { type MetricState, metricStates } from '../view/metric-state.js';
import { runNotes } from '../view/run-notes.js';
import { STATUS_WORDS } from '../view/status-words.js';
import { counted, stepName } from '../view/step-text.js';
import { RAW, sentenceOf } from '../view/verdict.js';
import { xmlText } from '../view/xml-text.js';
import { diagnosisBlock } from './diagnosis.js';
import { metricFigure } from './figure.js';
import { horizonSection } from './horizons.js';
import { spectrumSection } from './spectrum.js';
import { stepTable } from './steps.js';
import { legendKey } from './svg.js';

/** Points of all curves and cells of all tables together: what keeps the page below 300 KB. */
const MAX_POINTS = 2400;
const MAX_CELLS = 3600;
const MAX_FIGURES = 75;
const MAX_SPECTRA = 11;
const LEGEND = [
  legendKey('<path class="line" d="M1 5H27" fill="none" stroke="#0060a8" stroke-width="1.5"/>', 'the value'),
  legendKey(
    '<path class="limit" d="M1 5H27" fill="none" stroke="#b34700" stroke-dasharray="5 3"/>',
    'dashed: the bound it is held to',
  ),
  legendKey(
    '<path class="baseline" d="M1 5H27" fill="none" stroke="#666" stroke-dasharray="1 4"/>',
    'dotted: the baseline',
  ),
  legendKey(
    '<path class="band" d="M0 0H28V10H0z" fill="#d55e00" fill-opacity=".16"/><path class="mark" d="M14 1l-4 7h8z" fill="#a33c00"/>',
    'shaded, from the mark on: failed',
  ),
  legendKey(
    '<path class="band" d="M0 0H28V10H0z" fill="#d55e00" fill-opacity=".08"/><path class="mark warn" d="M14 1l-4 7h8z" fill="none" stroke="#a33c00"/>',
    'paler, with a hollow mark: a warning',
  ),
].join(' ');

/** All that is told of one run, where the page tells of `share` of them. */
export function runSection(
  run: ReportRun,
  id: string,
  report: Report,
  catalogue: MetricCatalogue,
  share: number,
): string {
  const step = run.steps.findLast(({ judged }) => judged) ?? run.steps.at(-1);
  const head = `<h2><bdi>${xmlText(run.run)}</bdi>: <span class="${run.status}">${STATUS_WORDS[run.status]}</span></h2>
<p>${xmlText(sentenceOf(run, report, RAW))}.</p>
${diagnosisBlock(run)}`;
  const open = `<section class="run" id="${id}" data-steps="${stepDistances(run)}">`;
  if (step === undefined) return `${open}\n${head}\n</section>`;
  const ids = Object.keys(step.metrics) as ReportMetricId[];
  const { shown } = chooseMetrics(run, ids, ruledMetrics(report, run.steps), catalogue, false);
  const valued = metricStates(ids, step, run, report, true).filter((state) => hasValue(run, state.id));
  const states = valued.slice(0, Math.ceil(MAX_FIGURES / share));
  const left = valued.length - states.length;
  const buckets = Math.max(10, Math.floor(MAX_POINTS / 2 / (share * states.length)));
  const rows = Math.max(20, Math.floor(MAX_CELLS / (share * (shown.length + 3))));
  const { diagnosis: _, ...told } = run;
  const notes = runNotes(told, step, new Set(ids), report, RAW).map((note) => `<li>${xmlText(note)}`);
  const figures = (some: readonly MetricState[]) =>
    `<div class="charts">\n${some.map((state) => metricFigure(run, step, state, catalogue, buckets)).join('\n')}\n</div>`;
  const isRuled = ({ finding }: MetricState) => finding !== undefined;
  const [ruled, others] = [states.filter(isRuled), states.filter((state) => !isRuled(state))];
  return `${open}
${head}
<p class="dim">${factsOf(run, step)}</p>
${alertTable(run)}
${notes.length === 0 ? '' : `<ul>${notes.join('')}</ul>`}
${ruled.length === 0 ? '' : `<h3>Judged metrics over the steps</h3>\n<p class="legend">${LEGEND}</p>\n${figures(ruled)}`}
${spectrumSection(run, Math.ceil(MAX_SPECTRA / share))}
${horizonSection(step, ids, catalogue)}
${others.length === 0 ? '' : `<h3>${ruled.length === 0 ? 'Metrics over the steps' : 'Other metrics'}</h3>\n${figures(others)}`}
${left > 0 ? `<p>${counted(left, 'more metric')} measured and not drawn among so many runs: report this run alone.</p>` : ''}
<h3>Steps</h3>
${stepTable(run, shown, rows)}
${inputs(step)}
</section>`;
}

/** The numbers of the steps, each as its distance from the one before, for the script. */
function stepDistances({ steps }: ReportRun): string {
  if (steps.some(({ step }) => step === null)) return '';
  return steps.map(({ step }, i) => (step ?? 0) - (steps[i - 1]?.step ?? 0)).join(' ');
}

function hasValue({ steps }: ReportRun, id: ReportMetricId): boolean {
  return steps.some(({ metrics }) => metrics[id] != null);
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
      span.stillFailing
        ? 'still failing'
        : `recovered${span.recovered === null ? '' : ` at ${stepName(span.recovered)}`}`,
      span.alert.message,
    ];
    return `<tr>${cells.map((cell) => `<td class="text">${xmlText(cell)}`).join('')}`;
  });
  if (rows.length === 0) return '';
  const heads = ['criterion', 'level', 'since', 'now', 'at the last failing step'];
  return `<h3>What failed</h3>
<div class="scroll" tabindex="0" role="region" aria-label="What failed"><table class="failed"><thead><tr>${heads.map((text) => `<th scope="col" class="text">${text}`).join('')}<tbody>${rows.join('\n')}</table></div>`;
}

function inputs(step: ReportStep): string {
  const rows = Object.entries(step.inputs).map(([role, { path, key, dtype, shape }]) => {
    const place = key === undefined ? path : `${path} (${key})`;
    return `<li>${xmlText(role)}: <bdi>${xmlText(place)}</bdi>, ${xmlText(dtype)} [${shape.join(', ')}]`;
  });
  return `<h3>Inputs of ${stepName(step.step)}</h3><ul>${rows.join('')}</ul>`;
}
