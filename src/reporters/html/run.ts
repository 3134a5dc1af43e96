import type { MetricCatalogue, ReportMetricId } from '#report/metric-facts.js';
import type { Report, ReportRun, ReportStep } from '#report/types.js';
import { alertSpans, spanText, worstSpansFirst } from '../view/alert-spans.js';
import { chooseMetrics } from '../view/choose-metrics.js';
import { ruledMetrics } from '../view/criterion-metric.js';
import { formatNumber } from '../view/format-number.js';
import { horizonKinds } from '../view/horizon-rows.js';
import { type MetricGroup, metricGroups } from '../view/metric-groups.js';
import { metricStates } from '../view/metric-state.js';
import { runNotes } from '../view/run-notes.js';
import { STATUS_WORDS } from '../view/status-words.js';
import { counted, stepName } from '../view/step-text.js';
import { RAW, sentenceOf } from '../view/verdict.js';
import { xmlText } from '../view/xml-text.js';
import { diagnosisBlock } from './diagnosis.js';
import { distances } from './draw/chart-text.js';
import { embeddingSection } from './embeddings.js';
import { metricFigure } from './figure.js';
import { horizonSection } from './horizons.js';
import { prose } from './prose.js';
import { stepsOf } from './run-chart.js';
import { spectrumSection } from './spectrum.js';
import { stepTable } from './steps.js';
import { legendKey } from './svg.js';

/** What all runs together may hold, so that a page of a thousand steps stays below 400 KB. */
const MAX_HELD = 9000;
const MAX_DRAWN = 1200;
const MAX_CELLS = 2600;
const MAX_FIGURES = 60;
const MAX_SHARED_FIGURES = 48;
const MAX_SPECTRA = 12;
const MAX_CLOUDS = 16;
/** So few runs have every picture. */
const FEW = 3;
const LEGEND = [
  legendKey(
    '<path class="line prediction" d="M1 5H27" fill="none" stroke="#0060a8" stroke-width="1.5"/>',
    'the value, of a pair the prediction’s',
  ),
  legendKey(
    '<path class="line target" d="M1 5H27" fill="none" stroke="#0b6b50" stroke-width="1.5" stroke-dasharray="7 2"/>',
    'the target’s',
  ),
  legendKey(
    '<path class="bound" d="M1 5H27" fill="none" stroke="#b34700" stroke-dasharray="5 3"/>',
    'a bound that decides',
  ),
  legendKey(
    '<path class="warning-bound" d="M1 5H27" fill="none" stroke="#b34700" stroke-dasharray="2 3"/>',
    'one that warns',
  ),
  legendKey(
    '<path class="band" d="M0 0H28V10H0z" fill="#d55e00" fill-opacity=".16"/><path class="mark" d="M14 1l-4 7h8z" fill="#a33c00"/>',
    'failed',
  ),
  legendKey(
    '<path class="band" d="M0 0H28V10H0z" fill="#d55e00" fill-opacity=".08"/><path class="mark warn" d="M14 1l-4 7h8z" fill="none" stroke="#a33c00"/>',
    'warned',
  ),
].join(' ');
const REFERENCE = legendKey(
  '<path class="reference-band" d="M0 3H28V8H0z" fill="#666" fill-opacity=".12"/><path class="reference" d="M0 3H28" fill="none" stroke="#666" stroke-dasharray="6 2 1 2"/><path class="reference-bound" d="M0 8H28" fill="none" stroke="#b34700" stroke-dasharray="5 3"/>',
  'the reference: its median, and how far a run like its runs may be',
);

/** Says what the lines of the charts of runs mean; once a page. */
export function chartLegend(runs: readonly ReportRun[]): string {
  const hasReference = runs.some(({ steps }) => steps.some(({ reference }) => reference !== undefined));
  return `<p class="legend">${LEGEND}${hasReference ? ` ${REFERENCE}` : ''}</p>\n`;
}

/** Where a run stands among those that the page has charts of. */
export interface Place {
  readonly id: string;
  /** Runs that share the room. */
  readonly share: number;
  /** What is said below its diagnosis. */
  readonly aside: string;
}

/** The heading of a run: its name and its verdict. */
export function runHeading({ run, status }: ReportRun): string {
  return `<bdi>${xmlText(run)}</bdi>: <span class="${status}">${STATUS_WORDS[status]}</span>`;
}

/** All that is known of one run. */
export function runSection(
  run: ReportRun,
  { id, share, aside }: Place,
  report: Report,
  catalogue: MetricCatalogue,
): string {
  const step = run.steps.findLast(({ judged }) => judged) ?? run.steps.at(-1);
  const block = diagnosisBlock(run);
  const sentence = block === '' ? `<p>${xmlText(sentenceOf(run, report, RAW))}.</p>` : block;
  const head = `<h2>${runHeading(run)}</h2>\n${sentence}${aside}`;
  const isNumbered = run.steps.every((one) => one.step !== null);
  const open = `<section class="run" id="${id}" data-steps="${distances(stepsOf(run))}"${isNumbered ? '' : ' data-unnumbered'}>`;
  if (step === undefined) return `${open}\n${head}\n</section>`;
  const ids = Object.keys(step.metrics) as ReportMetricId[];
  const { shown } = chooseMetrics(run, ids, ruledMetrics(report, run.steps), catalogue, false);
  const valued = metricStates(ids, step, run, report, true).filter((state) => hasValue(run, state.id));
  const most = Math.ceil((share > FEW ? MAX_SHARED_FIGURES : MAX_FIGURES) / share);
  const states = valued.slice(0, most);
  const groups = metricGroups(states, catalogue);
  const room = {
    held: Math.max(12, Math.floor(MAX_HELD / 2 / (share * states.length))),
    drawn: Math.max(8, Math.floor(MAX_DRAWN / (share * states.length))),
  };
  const figures = (some: readonly MetricGroup[]) =>
    `<div class="charts">\n${some.map((group) => metricFigure(run, step, group, report, catalogue, room)).join('\n')}\n</div>`;
  const isRuled = (group: MetricGroup) => group.states.some(({ finding }) => finding !== undefined);
  const [ruled, others] = [groups.filter(isRuled), groups.filter((group) => !isRuled(group))];
  const rows = Math.max(share > FEW ? 12 : 20, Math.floor(MAX_CELLS / (share * (shown.length + 3))));
  const left = valued.length - states.length;
  const notes = notesOf(run, step, new Set(ids), report);
  return `${open}
${head}
<p class="dim">${factsOf(run, step)}</p>
${alertTable(run)}
${notes.length === 0 ? '' : `<ul class="notes">${notes.map((note) => `<li>${prose(note)}`).join('')}</ul>`}
${ruled.length === 0 ? '' : `<h3>Judged metrics over the steps</h3>\n${share === 1 ? chartLegend([run]) : ''}${figures(ruled)}`}
${horizonSection(run, step, ids, report, catalogue)}
${spectrumSection(run, Math.ceil(MAX_SPECTRA / share), share <= FEW)}
${embeddingSection(run, Math.ceil(MAX_CLOUDS / share), share <= FEW)}
${others.length === 0 ? '' : `<h3>${ruled.length === 0 ? 'Metrics over the steps' : 'Other metrics'}</h3>\n${figures(others)}`}
${left > 0 ? `<p>${counted(left, 'more metric')} measured and not drawn among so many runs: report this run alone.</p>` : ''}
<h3>Steps</h3>
${stepTable(run, shown, rows)}
${inputs(step)}
</section>`;
}

/** What no other place says: the diagnosis and the kinds of the horizons stand in their block. */
function notesOf(
  run: ReportRun,
  step: ReportStep,
  ids: ReadonlySet<ReportMetricId>,
  report: Report,
): string[] {
  const { diagnosis, ...rest } = run;
  const told = new Set(
    diagnosis === undefined ? [] : horizonKinds(step).map((line) => `${line}.`.toLowerCase()),
  );
  return runNotes(rest, step, ids, report, RAW).filter((note) => !told.has(note.toLowerCase()));
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
  const size =
    run.measuredElsewhere === undefined
      ? ` with ${counted(step.rows, 'row')} × ${counted(step.dims, 'dimension')}`
      : ', not measured here';
  return `${counted(run.steps.length, 'step')}, the newest judged is ${stepName(step.step)}${size}${from}`;
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
