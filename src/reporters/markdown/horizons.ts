import type { MetricCatalogue, ReportMetricId } from '#report/metric-facts.js';
import type { ReportStep } from '#report/types.js';
import { formatNumber } from '../view/format-number.js';
import { horizonFacts, horizonRows, worstText } from '../view/horizon-rows.js';
import { sparkline } from '../view/sparkline.js';
import { stepName } from '../view/step-text.js';

const SPARKLINE = 20;

/** Draws the metrics over the horizons of a step as a table; none where they were not measured one by one. */
export function markdownHorizons(
  step: ReportStep,
  ids: readonly ReportMetricId[],
  catalogue: MetricCatalogue,
): string[] {
  const { horizons } = step;
  if (horizons === undefined) return [];
  const { numbers } = horizons;
  const rows = horizonRows(horizons, ids, catalogue).map((row) => {
    const ends = [row.values[0], row.values.at(-1)].map((value) =>
      value == null ? '–' : formatNumber(value),
    );
    const drawn = sparkline(row.values, SPARKLINE, false).replaceAll(' ', '\u2007');
    return `| ${[`\`${row.id}\``, ...ends, drawn, worstText(row)].join(' | ')} |`;
  });
  if (rows.length === 0) return [];
  const head = `| metric | at ${numbers[0]} | at ${numbers.at(-1)} | horizons | worst |`;
  return [
    `At ${stepName(step.step)}, ${horizonFacts(horizons)}:`,
    [head, '|:--|--:|--:|:--|:--|', ...rows].join('\n'),
  ];
}
