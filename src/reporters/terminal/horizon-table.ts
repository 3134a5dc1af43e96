import type { MetricCatalogue, ReportMetricId } from '#report/metric-facts.js';
import type { ReportStep } from '#report/types.js';
import {
  type HorizonRow,
  horizonFacts,
  horizonNumber,
  horizonRows,
  worstText,
} from '../view/horizon-rows.js';
import type { Ink } from '../view/layout.js';
import { sparkline } from '../view/sparkline.js';
import { stepName } from '../view/step-text.js';
import { type Column, fitColumns } from './fit-columns.js';
import { drawColumns } from './metric-table.js';

const MIN_SPARKLINE = 8;
const MAX_SPARKLINE = 40;

/** Draws the metrics over the horizons of a step: the first, the last, all of them drawn, the worst; '' without horizons. */
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
    { head: 'worst', cells: rows.map(worstText), align: 'left', keep: 1 },
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
    return value === null ? ink.dash : horizonNumber(row, value);
  });
  return { head, cells, align: 'right', keep: 'always' };
}
