import type { ReportMetricId } from '#report/metric-facts.js';
import type { ReportRun } from '#report/types.js';
import { xmlText } from '../view/xml-text.js';
import { heatFigure } from './heat-map.js';
import { stepsOf } from './run-chart.js';

const LEAST_BRANCHES = 3;
const MOST_MAPS = 6;

/** Of runs with three branches or more (layers, modalities), each metric by branch and step; '' where there are none. */
export function branchMaps(runs: readonly ReportRun[], ids: readonly ReportMetricId[]): string {
  const groups = new Map<string, ReportRun[]>();
  for (const run of runs) {
    if (run.branch === undefined) continue;
    const name = run.run.slice(0, -` [${run.branch}]`.length);
    groups.set(name, [...(groups.get(name) ?? []), run]);
  }
  return [...groups]
    .filter(([, own]) => own.length >= LEAST_BRANCHES)
    .slice(0, MOST_MAPS)
    .map(([name, own]) => {
      const most = Math.max(1, Math.floor(MOST_MAPS / groups.size));
      const maps = ids.slice(0, most).map((id) => mapOf(own, id));
      return `<h3>Branches of <bdi>${xmlText(name)}</bdi></h3>\n<div class="charts">\n${maps.join('\n')}\n</div>`;
    })
    .join('\n');
}

function mapOf(branches: readonly ReportRun[], id: ReportMetricId): string {
  const collator = new Intl.Collator('en', { numeric: true });
  const sorted = [...branches].sort((a, b) => collator.compare(b.branch ?? '', a.branch ?? ''));
  const steps = [...new Set(sorted.flatMap(stepsOf))].sort((a, b) => a - b);
  const places = new Map(steps.map((step, i) => [step, i]));
  const values = sorted.map((run) => {
    const row: (number | null)[] = steps.map(() => null);
    for (const [i, step] of stepsOf(run).entries())
      row[places.get(step)!] = run.steps[i]!.metrics[id] ?? null;
    return row;
  });
  const rows = sorted.map(({ branch }) => branch ?? '');
  return heatFigure({ title: id, rowName: 'branch', rows, steps, values });
}
