import type { MetricCatalogue, ReportMetricId } from '#report/metric-facts.js';
import type { ReportStep } from '#report/types.js';
import { formatNumber } from '../view/format-number.js';
import { horizonFacts, horizonRows, worstText } from '../view/horizon-rows.js';
import { sparkline } from '../view/sparkline.js';
import { stepName } from '../view/step-text.js';
import { xmlText } from '../view/xml-text.js';

const SPARKLINE = 40;

/** The metrics over the horizons of a step as a table; '' where they were not measured one by one. */
export function horizonSection(
  step: ReportStep,
  ids: readonly ReportMetricId[],
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
  return `<h3>Horizons</h3>
<p class="dim">${xmlText(`${stepName(step.step)}, ${horizonFacts(horizons)}`)}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Horizons"><table class="horizons"><thead><tr>${heads.map((text) => `<th scope="col">${text}`).join('')}<tbody>
${rows.join('\n')}
</table></div>`;
}
