import type { MetricCatalogue, ReportMetricId } from '#report/metric-facts.js';
import type { ReportStep } from '#report/types.js';
import { type Column, fitColumns } from '../terminal/fit-columns.js';
import { drawColumns } from '../terminal/metric-table.js';
import { formatNumber } from './format-number.js';
import { type HorizonRow, horizonFacts, horizonRows } from './horizon-rows.js';
import type { Ink } from './layout.js';
import { sparkline } from './sparkline.js';
import { stepName } from './step-text.js';

const MIN_SPARKLINE = 8;
const MAX_SPARKLINE = 40;

/** The metrics over the horizons of a step: the first, the last, all of them drawn, the worst; '' without horizons. */
export function drawHorizonTable(
  step: ReportStep,
  ids: readonly ReportMetricId[],
  catalogue: MetricCatalogue,
  width: number,
  ink: Ink,
): string {
  const { horizons } = step;
  if (horizons === undefined) return '';
  const rows = horizonRows(horizons, ids, catalogue);
  if (rows.length === 0) return '';
  const { numbers } = horizons;
  const size = (least: number) => Math.min(least, numbers.length);
  const columns: Column[] = [
    { head: 'metric', cells: rows.map(({ id }) => id), align: 'left', keep: 'first' },
    valueColumn(`at ${numbers[0]}`, rows, (row) => row.values[0] ?? null, ink),
    ...(numbers.length === 1
      ? []
      : [
          valueColumn(`at ${numbers.at(-1)}`, rows, (row) => row.values.at(-1) ?? null, ink),
          {
            head: 'horizons',
            cells: [],
            align: 'left' as const,
            keep: 2,
            stretch: {
              min: size(MIN_SPARKLINE),
              max: size(MAX_SPARKLINE),
              cells: (room: number) => rows.map(({ values }) => sparkline(values, room, ink.ascii)),
            },
          },
        ]),
    { head: 'worst', cells: rows.map((row) => worstText(row)), align: 'left', keep: 1 },
  ];
  const head = `${stepName(step.step)}, ${horizonFacts(horizons)}`;
  return `${head}\n\n${drawColumns(fitColumns(columns, width, ink), rows.length)}`;
}

function valueColumn(
  head: string,
  rows: readonly HorizonRow[],
  pick: (row: HorizonRow) => number | null,
  ink: Ink,
): Column {
  const cells = rows.map((row) => {
    const value = pick(row);
    return value === null ? ink.dash : numberText(row, value);
  });
  return { head, cells, align: 'right', keep: 'always' };
}

function numberText({ isEstimate }: HorizonRow, value: number): string {
  return `${isEstimate ? '~' : ''}${formatNumber(value)}`;
}

/** The worst value and its horizon, for a column of a table; '' where the metric has no bad direction. */
export function worstText(row: HorizonRow): string {
  return row.worst === null ? '' : `${numberText(row, row.worst.value)} at ${row.worst.horizon}`;
}
