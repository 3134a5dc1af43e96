import Table from 'cli-table3';
import type { MetricCatalogue, ReportMetricId } from '#report/metric-facts.js';
import type { ReportRun, ReportStep } from '#report/types.js';
import { shortUnit } from '../view/criterion-metric.js';
import { formatNumber, formatShare } from '../view/format-number.js';
import type { Ink } from '../view/layout.js';
import { limitText } from '../view/limit-text.js';
import type { MetricState, MetricWord } from '../view/metric-state.js';
import { type Scale, sparkline } from '../view/sparkline.js';
import { stepSeries } from '../view/step-series.js';
import { COLUMN_GAP, type Column, fitColumns } from './fit-columns.js';

const MIN_SPARKLINE = 8;
const MAX_SPARKLINE = 40;

export interface MetricTable {
  readonly run: ReportRun;
  /** Steps that are drawn as gaps. */
  readonly unread: readonly number[];
  /** The step whose values are shown. */
  readonly step: ReportStep;
  readonly states: readonly MetricState[];
  readonly catalogue: MetricCatalogue;
  /** The ends of each metric's sparkline, where several runs share them. */
  readonly scales: ReadonlyMap<ReportMetricId, Scale> | null;
}

/**
 * Draws one row a metric. What the width does not hold is left out: the unit first, then the share of the limit, the steps, the
 * history.
 */
export function drawMetricTable(table: MetricTable, width: number, ink: Ink): string {
  const columns = fitColumns(columnsOf(table, ink), width, ink);
  return drawColumns(columns, table.states.length);
}

function columnsOf({ run, unread, step, states, catalogue, scales }: MetricTable, ink: Ink): Column[] {
  const count = run.steps.length + unread.length;
  const ids = states.map(({ id }) => id);
  const units = ids.map((id) => (step.metrics[id] == null ? '' : shortUnit(id, catalogue, ink.squared)));
  const steps = (size: number) =>
    ids.map((id) => sparkline(stepSeries(run, unread, id), size, ink.ascii, scales?.get(id)));
  const columns: (Column | false)[] = [
    { head: 'metric', cells: ids, align: 'left', keep: 'first' },
    { head: 'value', cells: ids.map((id) => valueText(step, id, ink)), align: 'right', keep: 'always' },
    { head: 'unit', cells: units, align: 'left', keep: 4 },
    {
      head: 'limit',
      cells: states.map(({ finding }) => limitText(finding, ink)),
      align: 'left',
      keep: 'always',
    },
    {
      head: 'reference',
      cells: states.map(({ reference }) => (reference === null ? '' : formatNumber(reference))),
      align: 'right',
      keep: 3,
    },
    { head: 'of limit', cells: states.map((state) => shareText(state, ink)), align: 'right', keep: 3 },
    count > 1 && {
      head: 'steps',
      cells: [],
      align: 'left',
      keep: 2,
      stretch: {
        min: Math.min(MIN_SPARKLINE, count),
        max: Math.min(MAX_SPARKLINE, count),
        cells: steps,
      },
    },
    {
      head: 'latest',
      cells: states.map(({ word }) => word),
      align: 'left',
      paint: states.map(({ word }) => painter(word, ink)),
      keep: 'always',
    },
    {
      head: 'first failed at',
      cells: states.map(({ firstFailure }) => (firstFailure === null ? '' : String(firstFailure))),
      align: 'left',
      keep: 1,
    },
  ];
  return columns
    .filter((column) => column !== false)
    .filter(({ cells, stretch }) => stretch || cells.some(Boolean));
}

function valueText({ metrics, estimates }: ReportStep, id: ReportMetricId, ink: Ink): string {
  const value = metrics[id];
  if (value == null) return ink.dash;
  return estimates[id] === undefined ? formatNumber(value) : `~${formatNumber(value)}`;
}

function shareText({ finding }: MetricState, ink: Ink): string {
  return finding === undefined ? '' : formatShare(finding).replace('×', ink.times);
}

function painter(word: MetricWord, { chalk }: Ink): (text: string) => string {
  if (word === 'FAIL') return chalk.red.bold;
  if (word === 'WARN' || word === 'outside') return chalk.yellow;
  return word === 'ok' ? chalk.green : chalk.dim;
}

/** Draws columns with a line of heads and `rows` lines below it, without borders. */
export function drawColumns(columns: readonly Column[], rows: number): string {
  const table = new Table({
    head: columns.map(({ head }) => head),
    chars: BORDERLESS,
    // Without this cli-table3 writes colour codes into pipes.
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': COLUMN_GAP, compact: true },
    colAligns: columns.map(({ align }) => align),
  });
  for (let i = 0; i < rows; i++) {
    table.push(
      columns.map(({ cells, paint }) => {
        const cell = cells[i] ?? '';
        return cell === '' ? '' : (paint?.[i] ?? String)(cell);
      }),
    );
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
