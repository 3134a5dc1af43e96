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
const MIN_SPARKLINE = 6;
const MAX_SPARKLINE = 40;

interface Column {
  readonly head: string;
  readonly cells: readonly string[];
  readonly align: 'left' | 'right';
  /** The lowest is left out first where the width does not hold all; undefined stays. */
  readonly keep?: number;
  readonly paint?: readonly ((text: string) => string)[];
}

/** One row a metric. What the width does not hold is left out: the margin first, then the sparkline, then the history. */
function metricTable(run: ReportRun, latest: ReportStep, width: number, ink: Ink): string {
  const ids = Object.keys(latest.metrics) as MetricId[];
  const states = ids.map((id) => statusOf(latest, id, ink));
  const findings = ids.map((id) => findingOf(latest, id));
  const history = ids.map((id) => firstFailure(run, latest, id));
  const columns: Column[] = [
    { head: 'metric', cells: ids, align: 'left' },
    { head: 'value', cells: ids.map((id) => valueText(latest, id, ink)), align: 'right' },
    { head: 'limit', cells: findings.map((finding) => limitText(finding, ink)), align: 'left' },
    { head: 'margin', cells: findings.map((finding) => marginText(finding, ink)), align: 'right', keep: 1 },
    {
      head: 'latest',
      cells: states.map(({ word }) => word),
      align: 'left',
      paint: states.map(({ paint }) => paint),
    },
    ...(history.some((step) => step !== '')
      ? [{ head: 'first failed at', cells: history, align: 'left', keep: 3 } as const]
      : []),
  ];
  const series =
    run.steps.length > 1 ? ids.map((id) => run.steps.map((step) => step.metrics[id] ?? null)) : null;
  const fitted = fitColumns(columns, series, width, ink.ascii);
  return draw(fitted, ids.length);
}

function widthOf(column: Column): number {
  return Math.max(column.head.length, ...column.cells.map((cell) => cell.length)) + GAP;
}

function fitColumns(
  columns: readonly Column[],
  series: readonly (readonly (number | null)[])[] | null,
  width: number,
  ascii: boolean,
): readonly Column[] {
  const total = (list: readonly Column[]) => list.reduce((sum, column) => sum + widthOf(column), -GAP);
  const smallest = MIN_SPARKLINE + GAP;
  const without = (below: number) => columns.filter(({ keep }) => keep === undefined || keep >= below);
  for (const [below, wantsSparkline] of [
    [1, true],
    [2, true],
    [2, false],
    [4, false],
  ] as const) {
    const kept = without(below);
    const room = width - total(kept);
    if (!wantsSparkline || series === null) {
      if (room >= 0 || below === 4) return kept;
    } else if (room >= smallest) {
      const size = Math.min(MAX_SPARKLINE, room - GAP);
      const cells = series.map((values) => sparkline(values, size, ascii));
      const at = kept.findIndex(({ head }) => head === 'latest');
      return [...kept.slice(0, at), { head: 'steps', cells, align: 'left' }, ...kept.slice(at)];
    }
  }
  return columns;
}

function draw(columns: readonly Column[], rows: number): string {
  const table = new Table({
    head: columns.map(({ head }) => head),
    chars: BORDERLESS,
    // Without this cli-table3 writes colour codes into pipes.
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP, compact: true },
    colAligns: columns.map(({ align }) => align),
  });
  for (let i = 0; i < rows; i++) {
    table.push(columns.map(({ cells, paint }) => (paint?.[i] ?? String)(cells[i] ?? '')));
  }
  return table
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

type MetricId = keyof ReportStep['metrics'];

function valueText({ metrics, estimates }: ReportStep, id: MetricId, ink: Ink): string {
  const value = metrics[id];
  if (value == null) return ink.dash;
  return estimates[id] === undefined ? formatNumber(value) : `~${formatNumber(value)}`;
}

/** The step at which a metric first failed, where that was not the latest one. */
function firstFailure(run: ReportRun, latest: ReportStep, id: MetricId): string {
  const first = run.steps.find((step) => step.alerts.some(({ metric }) => metric === id));
  return first === undefined || first === latest || first.step === null ? '' : String(first.step);
}

type Finding = ReportStep['held'][number];

/** What a metric is held to at a step: the finding that alerts, or else the first that was decided. */
function findingOf({ alerts, held }: ReportStep, id: MetricId): Finding | undefined {
  return alerts.find(({ metric }) => metric === id) ?? held.find(({ metric }) => metric === id);
}

function limitText(finding: Finding | undefined, ink: Ink): string {
  if (finding === undefined) return '';
  // What must hold is the opposite of what trips.
  const signs: Record<Finding['operator'], string> = {
    '<': ink.atLeast,
    '<=': '>',
    '>': ink.atMost,
    '>=': '<',
  };
  return `${signs[finding.operator]} ${formatNumber(finding.threshold)}`;
}

function marginText(finding: Finding | undefined, ink: Ink): string {
  if (finding === undefined) return '';
  const { value, threshold, operator } = finding;
  return formatMargin(value, threshold, operator).replace('×', ink.times);
}

function statusOf(
  { alerts, held, skipped, metrics, judged }: ReportStep,
  id: MetricId,
  { chalk }: Ink,
): { readonly word: string; readonly paint: (text: string) => string } {
  const own = alerts.filter(({ metric }) => metric === id);
  if (own.some(({ level }) => level === 'error')) return { word: 'FAIL', paint: chalk.red.bold };
  if (own.length > 0) return { word: 'WARN', paint: chalk.yellow.bold };
  if (held.some(({ metric }) => metric === id)) return { word: 'ok', paint: chalk.green };
  if (skipped.some(({ criterion }) => criterion === id)) return { word: 'skipped', paint: chalk.dim };
  if (metrics[id] === null) return { word: 'unavailable', paint: chalk.dim };
  return { word: judged ? '' : 'not judged', paint: chalk.dim };
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
