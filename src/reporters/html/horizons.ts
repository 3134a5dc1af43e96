import type { MetricCatalogue, ReportMetricId } from '#report/metric-facts.js';
import type { Report, ReportRun, ReportStep } from '#report/types.js';
import { ruledMetrics } from '../view/criterion-metric.js';
import { formatNumber } from '../view/format-number.js';
import { horizonFacts, horizonRows, worstText } from '../view/horizon-rows.js';
import { sparkline } from '../view/sparkline.js';
import { stepName } from '../view/step-text.js';
import { xmlText } from '../view/xml-text.js';
import { heatFigure } from './heat-map.js';

const SPARKLINE = 40;
const MOST_MAPS = 6;

/** The metrics by horizon and step as pictures, and those of `step` as a table; '' where they were not measured one by one. */
export function horizonSection(
  run: ReportRun,
  step: ReportStep,
  ids: readonly ReportMetricId[],
  report: Report,
  catalogue: MetricCatalogue,
): string {
  const { horizons } = step;
  if (horizons === undefined) return '';
  const { numbers } = horizons;
  const rows = horizonRows(horizons, ids, catalogue).map((row) => {
    const ends = [row.values[0], row.values.at(-1)].map((value) =>
      value == null ? '–' : formatNumber(value),
    );
    const cells = [...ends, sparkline(row.values, SPARKLINE, false), worstText(row)];
    return `<tr><th scope="row" class="text">${row.id}${cells.map((cell) => `<td>${xmlText(cell)}`).join('')}`;
  });
  if (rows.length === 0) return '';
  const heads = ['metric', `at ${numbers[0]}`, `at ${numbers.at(-1)}`, 'horizons', 'worst'];
  const maps = mapsOf(run, numbers, report);
  return `<h3>Horizons</h3>
<p class="dim">${xmlText(`${stepName(step.step)}, ${horizonFacts(horizons)}`)}</p>
${maps === '' ? '' : `<div class="charts">\n${maps}\n</div>`}
<div class="scroll" tabindex="0" role="region" aria-label="Horizons"><table class="horizons"><thead><tr>${heads.map((text) => `<th scope="col">${text}`).join('')}<tbody>
${rows.join('\n')}
</table></div>`;
}

/** Of several steps, the metrics that rules are about: those that alerted first. */
function mapsOf(run: ReportRun, numbers: readonly number[], report: Report): string {
  const steps = run.steps.filter(({ horizons }) => horizons !== undefined);
  if (steps.length < 2 || numbers.length < 2) return '';
  const alerted = new Set(steps.flatMap(({ alerts }) => alerts.map(({ metric }) => metric)));
  const ids = [...new Set([...alerted, ...ruledMetrics(report, steps)])];
  const known = ids.filter((id) =>
    steps.some(({ horizons }) => horizons?.metrics[id]?.some((x) => x !== null)),
  );
  return known
    .slice(0, MOST_MAPS)
    .map((id) =>
      heatFigure({
        title: id,
        rowName: 'horizon',
        rows: numbers.map(String),
        steps: steps.map(({ step }, i) => step ?? i),
        values: numbers.map((number) =>
          steps.map(({ horizons }) => {
            const i = horizons?.numbers.indexOf(number) ?? -1;
            return horizons?.metrics[id]?.[i] ?? null;
          }),
        ),
      }),
    )
    .join('\n');
}
