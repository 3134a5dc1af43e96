import type { ReportMetricId } from '../report/metric-facts.js';
import type { ReportAlert, ReportRun } from '../report/types.js';
import { formatNumber } from './format-number.js';
import { extremesOfBuckets } from './min-max-buckets.js';
import { scaleOf } from './sparkline.js';
import { stepName } from './step-text.js';
import { xmlText } from './xml-text.js';

export const CHART = { width: 360, height: 150, left: 4, right: 4, top: 18, bottom: 18 } as const;

type Level = ReportAlert['level'];

interface Series {
  readonly xs: readonly number[];
  readonly values: readonly (number | null)[];
  /** The bound at each step; null where none was applied. */
  readonly limits: readonly (number | null)[];
  readonly failing: Readonly<Record<Level, readonly boolean[]>>;
}

/**
 * One metric over the steps as SVG that needs neither script nor style: the values, the bound (dashed), the baseline
 * (dotted), and a band where it failed, a paler one where it
 * warned. A second drawing on a log scale is there, hidden, where every value
 * is above 0.
 */
export function chartOf(run: ReportRun, id: ReportMetricId, buckets: number): string {
  const series = seriesOf(run, id);
  const baseline = id === 'pairwise_pred_dist_mean' ? (run.baseline?.pairwise_pred_dist_mean ?? null) : null;
  const shown = [...series.values, ...series.limits, baseline];
  const scale = scaleOf(shown);
  const { width, height } = CHART;
  const open = `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${xmlText(label(run, id, series))}">`;
  if (scale === undefined) {
    return `${open}<text x="8" y="80" fill="currentColor" font-size="12">no value</text></svg>`;
  }
  const linear = drawing(series, baseline, scale.min, scale.max, (x) => x, buckets);
  const positive = shown.every((value) => value === null || value > 0);
  const log = positive
    ? `<g class="log" display="none">${drawing(series, baseline, scale.min, scale.max, Math.log10, buckets)}</g>`
    : '';
  return `${open}<g class="linear">${linear}</g>${log}${axisText(run, scale.min, scale.max)}</svg>`;
}

function seriesOf({ steps }: ReportRun, id: ReportMetricId): Series {
  const levels = steps.map(({ alerts }) => worstLevel(alerts.filter(({ metric }) => metric === id)));
  const findings = steps.map(({ alerts, held }) => [...alerts, ...held].find(({ metric }) => metric === id));
  return {
    xs: steps.map(({ step }, i) => step ?? i),
    values: steps.map(({ metrics }) => metrics[id] ?? null),
    limits: findings.map((finding) => finding?.threshold ?? null),
    failing: {
      error: levels.map((level) => level === 'error'),
      warn: levels.map((level) => level === 'warn'),
    },
  };
}

function worstLevel(alerts: readonly ReportAlert[]): Level | undefined {
  return alerts.find(({ level }) => level === 'error')?.level ?? alerts[0]?.level;
}

function label(run: ReportRun, id: ReportMetricId, { values, failing }: Series): string {
  const scale = scaleOf(values);
  if (scale === undefined) return `${id}: no value`;
  const last = values.findLast((value) => value !== null) ?? scale.max;
  const fails = told(run, failing.error, 'failed') + told(run, failing.warn, 'warned');
  return `${id} over ${values.length} steps: between ${formatNumber(scale.min)} and ${formatNumber(scale.max)}, last ${formatNumber(last)}${fails}`;
}

function told({ steps }: ReportRun, failing: readonly boolean[], verb: string): string {
  const first = steps[failing.indexOf(true)];
  if (first === undefined) return '';
  return `; ${verb} at ${failing.filter(Boolean).length} steps, first at ${stepName(first.step)}`;
}

function drawing(
  { xs, values, limits, failing }: Series,
  baseline: number | null,
  min: number,
  max: number,
  transform: (value: number) => number,
  buckets: number,
): string {
  const { width, height, left, right, top, bottom } = CHART;
  const [x0, x1] = [xs[0] ?? 0, xs.at(-1) ?? 0];
  const [y0, y1] = [transform(min) / 2, transform(max) / 2];
  const px = (i: number) =>
    left + (x1 === x0 ? 0.5 : ((xs[i] ?? 0) - x0) / (x1 - x0)) * (width - left - right);
  const py = (value: number) =>
    height - bottom - (y1 === y0 ? 0.5 : (transform(value) / 2 - y0) / (y1 - y0)) * (height - top - bottom);
  const parts = [
    ...bands(failing.warn, px, values.length, 'warn'),
    ...bands(failing.error, px, values.length, 'error'),
  ];
  if (baseline !== null) parts.push(level(py(baseline), 'baseline', '1 4'));
  const limitPath = pathOf(limits, px, py, buckets);
  if (limitPath !== '') {
    parts.push(`<path class="limit" d="${limitPath}" fill="none" stroke="#b34700" stroke-dasharray="5 3"/>`);
  }
  parts.push(
    `<path class="line" d="${pathOf(values, px, py, buckets)}" fill="none" stroke="#0060a8" stroke-width="1.5" stroke-linecap="round"/>`,
  );
  return parts.join('');
}

function level(y: number, name: string, dashes: string): string {
  const { width, left, right } = CHART;
  return `<path class="${name}" d="M${left} ${round(y)}H${width - right}" fill="none" stroke="#666" stroke-dasharray="${dashes}"/>`;
}

/** A line through the values that breaks where one is missing; a lone value is a dot. */
function pathOf(
  values: readonly (number | null)[],
  px: (i: number) => number,
  py: (value: number) => number,
  buckets: number,
): string {
  const indices =
    values.length <= buckets * 2
      ? values.keys()
      : extremesOfBuckets(values, buckets).flatMap(([a, b]) => (a === b ? [a] : [a, b]));
  let path = '';
  let before: number | null = null;
  let skipped = '';
  for (const i of indices) {
    const value = values[i];
    if (value == null) {
      path += skipped;
      skipped = '';
      before = null;
      continue;
    }
    const y = round(py(value));
    if (before === null) path += `M${round(px(i))} ${y}h0`;
    // Of a level stretch only the ends are drawn.
    else if (y === before) skipped = `H${round(px(i))}`;
    else {
      path += `${skipped}L${round(px(i))} ${y}`;
      skipped = '';
    }
    before = y;
  }
  return path + skipped;
}

function bands(
  failing: readonly boolean[],
  px: (i: number) => number,
  count: number,
  level: Level,
): string[] {
  const [opacity, mark] =
    level === 'error'
      ? ['.16', 'class="mark" fill="#a33c00"']
      : ['.08', 'class="mark warn" fill="none" stroke="#a33c00"'];
  const { top, height, bottom } = CHART;
  const half = (i: number, j: number) => (px(Math.max(0, i)) + px(Math.min(count - 1, j))) / 2;
  const out: string[] = [];
  for (let i = 0; i < failing.length; i++) {
    if (!failing[i]) continue;
    let end = i;
    // Failures closer than an eye tells apart are one band.
    for (let next = i + 1; failing[next] || px(next) - px(end) < 2; next++) {
      if (next >= count) break;
      if (failing[next]) end = next;
    }
    const from = half(i - 1, i);
    const size = Math.max(2, half(end, end + 1) - from);
    out.push(
      `<rect class="band" x="${round(from)}" y="${top}" width="${round(size)}" height="${height - top - bottom}" fill="#d55e00" fill-opacity="${opacity}"/><path ${mark} d="M${round(px(i))} ${height - bottom}l-4 7h8z"/>`,
    );
    i = end;
  }
  return out;
}

function axisText({ steps }: ReportRun, min: number, max: number): string {
  const { width, height } = CHART;
  const text = (x: number, y: number, anchor: string, content: string) =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="currentColor" font-size="11">${content}</text>`;
  const [first, last] = [steps[0]?.step, steps.at(-1)?.step];
  return [
    text(4, 12, 'start', max === min ? formatNumber(max) : `top ${formatNumber(max)}`),
    max === min ? '' : text(width - 4, 12, 'end', `bottom ${formatNumber(min)}`),
    first == null ? '' : text(4, height - 3, 'start', String(first)),
    last == null || last === first ? '' : text(width - 4, height - 3, 'end', String(last)),
  ].join('');
}

function round(x: number): number {
  return Math.round(x * 10) / 10;
}
