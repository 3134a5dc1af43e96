import Table from 'cli-table3';
import type { Report, ReportRun, ReportStep } from '../report/types.js';
import type { Render } from './define-reporter.js';
import { formatMargin, formatNumber } from './format-number.js';
import { fold, type Ink, inkFor } from './layout.js';
import { sparkline } from './sparkline.js';
import { verdictLines } from './verdict.js';

/** For people: a table a run, what was skipped and why, and the verdict in the last line. */
export const table: Render = ({ report }, options) => {
  const ink = inkFor(options);
  const blocks = options.quiet ? [] : report.runs.map((run) => runBlock(run, report, options, ink));
  const verdict = verdictLines(report, ink).map((line) => foldPainted(line, options.width));
  return `${[...blocks, verdict.join('\n')].join('\n\n')}\n`;
};

/** A painted line is folded only where it is too long even with the colour codes counted. */
function foldPainted(line: string, width: number): string {
  return fold(line, width, '  ');
}

function runBlock(
  run: ReportRun,
  report: Report,
  options: { readonly width: number; readonly verbose: boolean },
  ink: Ink,
): string {
  const judged = run.steps.filter((step) => step.judged);
  const latest = judged.at(-1) ?? run.steps.at(-1);
  const lines = [fold(heading(run, latest, ink), options.width, '  ')];
  if (latest !== undefined) {
    lines.push('', metricTable(run, latest, options.width, ink), '');
    for (const note of notesOf(run, latest, judged.length, ink)) lines.push(fold(note, options.width, '  '));
    if (options.verbose)
      lines.push('', ...run.steps.map((step) => fold(stepLine(step, ink), options.width, '  ')));
  }
  const unread = report.errors.filter(
    (error) => error.run === run.run && !error.code.startsWith('E3'),
  ).length;
  if (unread > 0)
    lines.push(`${unread} input${unread === 1 ? '' : 's'} could not be used: see the errors on stderr.`);
  return lines.join('\n').replace(/\n+$/, '');
}

function heading(run: ReportRun, latest: ReportStep | undefined, ink: Ink): string {
  const name = ink.chalk.bold(ink.text(run.run));
  if (latest === undefined) return name;
  const first = run.steps[0]?.step;
  const last = run.steps.at(-1)?.step;
  const numbered = first != null && last != null;
  const parts = [
    numbered && run.steps.length > 1
      ? `${run.steps.length} steps, ${first}${ink.dash}${last}`
      : stepName(latest),
    `${latest.rows}${ink.times}${latest.dims}`,
  ];
  if (run.baseline !== null && numbered) {
    const from = run.baseline.source === 'flag' ? 'given' : `step ${run.baseline.step}`;
    parts.push(`baseline ${from}`);
  }
  return `${name}  ${parts.join(', ')}`;
}

function stepName(step: ReportStep): string {
  return step.step === null ? 'one unnumbered step' : `step ${step.step}`;
}

const GAP = 2;
const MIN_SPARKLINE = 8;
const MAX_SPARKLINE = 40;

interface Row {
  readonly metric: string;
  readonly value: string;
  readonly limit: string;
  readonly margin: string;
  readonly series: readonly (number | null)[];
  readonly status: string;
  readonly history: string;
  readonly paint: (text: string) => string;
}

/** Wide enough: every column. Narrower: without the history, then the margin, then the sparkline. */
function metricTable(run: ReportRun, latest: ReportStep, width: number, ink: Ink): string {
  const rows = Object.keys(latest.metrics).map((id) => rowOf(id, run, latest, ink));
  const statusHead = latest.step === null ? 'status' : `at step ${latest.step}`;
  const sparkHead = 'over steps';
  const widest = (cells: readonly string[]) =>
    cells.reduce((max, cell) => Math.max(max, cell.length), 0) + GAP;
  const fixed =
    widest(['metric', ...rows.map((row) => row.metric)]) +
    widest(['value', ...rows.map((row) => row.value)]) +
    widest(['limit', ...rows.map((row) => row.limit)]);
  const margin = widest(['margin', ...rows.map((row) => row.margin)]);
  const status = widest([statusHead, ...rows.map((row) => row.status)]);
  const full = widest([statusHead, ...rows.map((row) => row.status + row.history)]);
  const room = (taken: number) => width - fixed - taken;
  const spark =
    run.steps.length > 1 ? Math.max(sparkHead.length, Math.min(MAX_SPARKLINE, run.steps.length)) + GAP : 0;
  const smallSpark = spark === 0 ? 0 : Math.min(spark, Math.max(MIN_SPARKLINE, sparkHead.length) + GAP);

  const withHistory = room(margin + smallSpark + full) >= 0 || room(full) >= 0;
  const statusWidth = withHistory ? full : status;
  const withMargin = room(margin + statusWidth) >= 0;
  const left = room((withMargin ? margin : 0) + statusWidth);
  const sparkWidth = spark > 0 && left >= smallSpark ? Math.min(spark, left) - GAP : 0;

  const drawn = new Table({
    head: [
      'metric',
      'value',
      'limit',
      ...(withMargin ? ['margin'] : []),
      ...(sparkWidth > 0 ? [sparkHead] : []),
      statusHead,
    ],
    chars: BORDERLESS,
    // Without this cli-table3 writes colour codes into pipes.
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP, compact: true },
    colAligns: ['left', 'right', 'left', ...(withMargin ? (['right'] as const) : [])],
  });
  for (const row of rows) {
    const state = withHistory ? row.status + row.history : row.status;
    drawn.push([
      row.metric,
      row.value,
      row.limit,
      ...(withMargin ? [row.margin] : []),
      ...(sparkWidth > 0 ? [sparkline(row.series, sparkWidth, ink.ascii)] : []),
      row.paint(state),
    ]);
  }
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const BORDERLESS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};

function rowOf(id: string, run: ReportRun, latest: ReportStep, ink: Ink): Row {
  const of = (step: ReportStep) => step.metrics[id as keyof typeof step.metrics] ?? null;
  const value = of(latest);
  const alert = latest.alerts.find((finding) => finding.metric === id);
  const finding = alert ?? latest.held.find((candidate) => candidate.metric === id);
  const estimated = latest.estimates[id as keyof typeof latest.estimates] === undefined ? '' : '~';
  const first = run.steps.find((step) => step.alerts.some((candidate) => candidate.metric === id));
  const earlier = first !== undefined && first !== latest && first.step !== null;
  return {
    metric: id,
    value: value === null ? ink.dash : estimated + formatNumber(value),
    limit: finding === undefined ? '' : limitText(finding, ink),
    margin: finding === undefined ? '' : marginText(finding, ink),
    series: run.steps.map(of),
    ...statusOf(latest, id, ink),
    history: earlier ? ` (first failed at ${first.step})` : '',
  };
}

type Finding = ReportStep['held'][number];

function limitText({ operator, threshold }: Finding, ink: Ink): string {
  // What must hold is the opposite of what trips.
  const signs: Record<Finding['operator'], string> = {
    '<': ink.atLeast,
    '<=': '>',
    '>': ink.atMost,
    '>=': '<',
  };
  return `${signs[operator]} ${formatNumber(threshold)}`;
}

function marginText({ value, threshold, operator }: Finding, ink: Ink): string {
  return formatMargin(value, threshold, operator).replace('×', ink.times);
}

function statusOf(latest: ReportStep, id: string, { chalk }: Ink): Pick<Row, 'status' | 'paint'> {
  const alerts = latest.alerts.filter((alert) => alert.metric === id);
  if (alerts.some((alert) => alert.level === 'error')) return { status: 'FAIL', paint: chalk.red.bold };
  if (alerts.length > 0) return { status: 'WARN', paint: chalk.yellow.bold };
  if (latest.held.some((finding) => finding.metric === id)) return { status: 'ok', paint: chalk.green };
  if (latest.skipped.some(({ criterion }) => criterion === id))
    return { status: 'skipped', paint: chalk.dim };
  const isNull = latest.metrics[id as keyof typeof latest.metrics] === null;
  return { status: isNull ? 'unavailable' : '', paint: chalk.dim };
}

function notesOf(run: ReportRun, latest: ReportStep, judged: number, ink: Ink): string[] {
  const notes: string[] = [];
  for (const { criterion, reason } of latest.skipped)
    notes.push(`${criterion} not judged: ${ink.text(reason)}.`);
  const skippedIds = new Set(latest.skipped.map(({ criterion }) => criterion));
  for (const [id, reason] of Object.entries(latest.unavailable)) {
    if (!skippedIds.has(id)) notes.push(`${id} unavailable: ${ink.text(reason)}.`);
  }
  for (const [id, estimate] of Object.entries(latest.estimates)) {
    const error = formatNumber(estimate.standardError);
    notes.push(`${id} is an estimate from ${estimate.pairs} pairs, standard error ${error}.`);
  }
  for (const note of latest.notes) notes.push(`${ink.text(note)}.`);
  const reasons = new Map<string, (number | null)[]>();
  for (const { notJudged, step } of run.steps) {
    if (notJudged !== undefined) reasons.set(notJudged, [...(reasons.get(notJudged) ?? []), step]);
  }
  for (const [reason, steps] of reasons) {
    const which = steps.length === run.steps.length && judged === 0 ? 'No step' : stepsText(steps);
    notes.push(
      `${which} ${which === 'No step' ? 'judged' : 'measured and not judged'}: ${ink.text(reason)}.`,
    );
  }
  return notes;
}

function stepsText(steps: readonly (number | null)[]): string {
  if (steps.length === 1) return steps[0] === null ? 'The step' : `Step ${steps[0]}`;
  return `${steps.length} steps`;
}

function stepLine(step: ReportStep, ink: Ink): string {
  const name = stepName(step);
  if (!step.judged) return `${name}: not judged, ${ink.text(step.notJudged ?? '')}`;
  if (step.alerts.length === 0) return `${name}: ok`;
  return `${name}: ${step.alerts.map((alert) => ink.text(alert.message)).join('; ')}`;
}
