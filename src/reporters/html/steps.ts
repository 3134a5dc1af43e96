import type { ReportMetricId } from '#report/metric-facts.js';
import type { ReportRun, ReportStep } from '#report/types.js';
import { formatNumber } from '../view/format-number.js';
import { stepStatus } from '../view/step-status.js';
import { xmlText } from '../view/xml-text.js';

/** More rows than this are folded. */
const MOST_OPEN = 40;

/** A table of steps, a row each; where they are more than `most`, every alert's first step and a regular choice. */
export function stepTable(run: ReportRun, ids: readonly ReportMetricId[], most: number): string {
  const steps = chosenSteps(run.steps, most);
  const left = run.steps.length - steps.length;
  const caption = left > 0 ? `${steps.length} of ${run.steps.length} steps` : 'Every step';
  const isDiagnosed = steps.some(({ diagnosis }) => diagnosis !== undefined);
  const head = ['step', 'status', ...(isDiagnosed ? ['diagnosis'] : []), ...ids]
    .map((name) => `<th scope="col">${name.replaceAll('_', '_<wbr>')}`)
    .join('');
  // Tags that HTML lets one leave out are left out: thousands of cells must stay small.
  const rows = steps.map((step) => rowOf(step, ids, isDiagnosed)).join('\n');
  const [open, close] =
    steps.length > MOST_OPEN ? [`<details><summary>${caption}</summary>`, '</details>'] : ['', ''];
  return `${open}<div class="scroll" tabindex="0" role="region" aria-label="${xmlText(`Steps of ${run.run}`)}"><table class="steps"><caption>${caption}</caption><thead><tr>${head}<tbody>\n${rows}\n</table></div>${close}`;
}

function rowOf(step: ReportStep, ids: readonly ReportMetricId[], isDiagnosed: boolean): string {
  const cells = ids.map((id) => {
    const value = step.metrics[id];
    const text = value == null ? '–' : formatNumber(value);
    const own = step.alerts.filter(({ metric }) => metric === id);
    if (own.some(({ level }) => level === 'error')) return `<td><b>${text} ✗</b>`;
    return own.length > 0 ? `<td><b>${text} ⚠</b>` : `<td>${text}`;
  });
  const diagnosis = isDiagnosed ? `<td>${xmlText(step.diagnosis ?? '–')}` : '';
  return `<tr><th scope="row">${step.step ?? '–'}<td>${stepStatus(step)}${diagnosis}${cells.join('')}`;
}

function chosenSteps(steps: readonly ReportStep[], most: number): readonly ReportStep[] {
  if (steps.length <= most) return steps;
  const stride = Math.ceil(steps.length / Math.max(1, most));
  const firsts = new Set<number>();
  const seen = new Set<string>();
  for (const [i, { alerts }] of steps.entries()) {
    for (const { criterion } of alerts) {
      if (!seen.has(criterion)) firsts.add(i);
      seen.add(criterion);
    }
  }
  return steps.filter((_, i) => i % stride === 0 || i === steps.length - 1 || firsts.has(i));
}
