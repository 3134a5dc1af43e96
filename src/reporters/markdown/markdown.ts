import type { MetricCatalogue, ReportMetricId } from '#report/metric-facts.js';
import type { Report, ReportRun, ReportStep } from '#report/types.js';
import { chooseMetrics } from '../view/choose-metrics.js';
import { ruledMetrics, shortUnit, unaskedMetrics } from '../view/criterion-metric.js';
import type { Render } from '../view/define-reporter.js';
import { formatNumber, formatShare } from '../view/format-number.js';
import { groupErrors } from '../view/group-errors.js';
import { limitText } from '../view/limit-text.js';
import { type MetricState, metricStates } from '../view/metric-state.js';
import { remedyNotes, runNotes } from '../view/run-notes.js';
import { sparkline } from '../view/sparkline.js';
import { stepSeries, unreadSteps } from '../view/step-series.js';
import { counted, stepName, worstFirst } from '../view/step-text.js';
import { sentenceOf } from '../view/verdict.js';
import { waysOut } from '../view/ways-out.js';
import { markdownHorizons } from './horizons.js';
import { codeSpan, markdownText } from './text.js';

/** A job summary on GitHub holds 1 MiB for all steps together. */
const MAX_RUNS = 50;
const MAX_ERRORS = 50;
const SPARKLINE = 20;
const SIGNS = { atLeast: '≥', atMost: '≤', dash: '–', text: markdownText };
const BADGES = {
  ok: '✅ ok',
  early: '⏳ too early to tell',
  warning: '⚠️ warning',
  alert: '❌ alert',
  error: '🚫 error',
  'no-data': '❔ no data',
};

/**
 * Writes for job summaries and comments: the verdict, each run with its table, worst first, and what could not be read.
 */
export const markdown: Render = ({ report, catalogue }) => {
  const runs = worstFirst(report.runs);
  const left = runs.length - MAX_RUNS;
  const blocks = [
    `## ${BADGES[report.status]}: ${markdownText(report.exitReason)}`,
    ...runs.slice(0, MAX_RUNS).map((run) => runBlock(run, report, catalogue)),
    ...(left > 0 ? [`${counted(left, 'more run')} not shown.`] : []),
    ...waysOut(report).map(withCode),
    ...errorBlock(report),
  ];
  return `${blocks.join('\n\n')}\n`;
};

function runBlock(run: ReportRun, report: Report, catalogue: MetricCatalogue): string {
  const head = `### ${codeSpan(run.run)}: ${BADGES[run.status]}`;
  const step = run.steps.findLast(({ judged }) => judged) ?? run.steps.at(-1);
  const sentence = `${sentenceOf(run, report, SIGNS)}.`;
  if (step === undefined) return `${head}\n\n${sentence}`;
  const ids = Object.keys(step.metrics) as ReportMetricId[];
  const { shown, folded } = chooseMetrics(
    run,
    ids,
    ruledMetrics(report, run.steps),
    catalogue,
    false,
    unaskedMetrics(run, report),
  );
  const unread = unreadSteps(run, report);
  const hasReference = step.reference !== undefined;
  const rows = metricStates(shown, step, run, report, false).map((state) =>
    rowOf(state, stepSeries(run, unread, state.id), step, { catalogue, hasReference }),
  );
  const at = step.step === null ? 'value' : `at ${stepName(step.step)}`;
  const table = [
    `| metric | ${at} | unit |${hasReference ? ' reference |' : ''} limit | of limit | steps | latest | first failed at |`,
    `|:--|--:|:--|${hasReference ? '--:|' : ''}:--|--:|:--|:--|:--|`,
    ...rows,
  ].join('\n');
  const notes = [
    ...(folded.length > 0 ? [`${counted(folded.length, 'more metric')} without an alert.`] : []),
    ...runNotes(run, step, new Set(shown), report, { text: markdownText }),
    ...remedyNotes(run, { text: markdownText }),
  ];
  const horizons = markdownHorizons(step, shown, catalogue);
  return [head, sentence, table, ...horizons, notes.map((note) => `- ${note}`).join('\n')]
    .filter(Boolean)
    .join('\n\n');
}

function rowOf(
  { id, word, finding, reference, firstFailure }: MetricState,
  series: readonly (number | null)[],
  { metrics }: ReportStep,
  { catalogue, hasReference }: { readonly catalogue: MetricCatalogue; readonly hasReference: boolean },
): string {
  const value = metrics[id];
  const cells = [
    `\`${id}\``,
    value == null ? '–' : formatNumber(value),
    value == null ? '' : shortUnit(id, catalogue, '²'),
    ...(hasReference ? [reference === null ? '' : formatNumber(reference)] : []),
    limitText(finding, SIGNS),
    finding === undefined ? '' : formatShare(finding),
    // Figure spaces keep a gap a gap where markdown folds spaces.
    series.length > 1 ? sparkline(series, SPARKLINE, false).replaceAll(' ', '\u2007') : '',
    word === 'FAIL' || word === 'WARN' ? `**${word}**` : word,
    firstFailure ?? '',
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Escapes a sentence but for what stands between backticks. */
function withCode(sentence: string): string {
  return sentence
    .split('`')
    .map((part, i) => (i % 2 === 1 ? codeSpan(part) : markdownText(part)))
    .join('');
}

function errorBlock({ errors }: Report): string[] {
  if (errors.length === 0) return [];
  const grouped = groupErrors(errors);
  const lines = grouped.slice(0, MAX_ERRORS).map(({ code, message, path, run, hint, steps }) => {
    const place = path ?? run;
    const help = hint === undefined ? '' : `; ${markdownText(hint)}`;
    const at = steps?.startsWith('steps') ? ` (${steps})` : '';
    return `- **${code}** ${place === undefined ? '' : `${codeSpan(place)}${at}: `}${markdownText(message)}${help}`;
  });
  const left = grouped.length - lines.length;
  return [
    [
      `### ${counted(errors.length, 'error')}`,
      '',
      ...lines,
      ...(left > 0 ? [`- and ${left} more`] : []),
    ].join('\n'),
  ];
}
