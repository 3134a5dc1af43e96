import type { ReportMetricId } from '#report/metric-facts.js';
import type { ReportAlert, ReportRun } from '#report/types.js';
import { formatNumber } from '../view/format-number.js';
import { extremesOfBuckets } from '../view/min-max-buckets.js';
import { scaleOf } from '../view/sparkline.js';
import { stepName } from '../view/step-text.js';
import { px as round, svgOpen, svgText } from './svg.js';

export const CHART = { width: 360, height: 150, left: 62, right: 8, top: 10, bottom: 20 } as const;
/** Up to this many steps each value is a dot on the line. */
const MOST_DOTS = 40;

type Level = ReportAlert['level'];

interface Series {
  readonly xs: readonly number[];
  readonly values: readonly (number | null)[];
  /** The bound at each step; null where none was applied. */
  readonly limits: readonly (number | null)[];
  readonly failing: Readonly<Record<Level, readonly boolean[]>>;
}

export interface Chart {
  readonly svg: string;
  /** For the script: which steps are drawn, each as its distance from the one before, and their values as text. */
  readonly at: string;
  readonly values: string;
}

/**
 * One metric over the steps as SVG that needs neither script nor style: the values, the bound (dashed), the baseline
 * (dotted), and a band where it failed, a paler one where it warned. A second drawing on a log scale is there, hidden,
 * where every value is above 0.
 */
export function chartOf(run: ReportRun, id: ReportMetricId, buckets: number): Chart {
  const series = seriesOf(run, id);
  const baseline = id === 'pairwise_pred_dist_mean' ? (run.baseline?.pairwise_pred_dist_mean ?? null) : null;
  const shown = [...series.values, ...series.limits, baseline];
  const scale = scaleOf(shown);
  const open = svgOpen(CHART, label(run, id, series));
  if (scale === undefined)
    return { svg: `${open}${svgText(8, 80, 'start', 'no value')}</svg>`, at: '', values: '' };
  const indices = drawnSteps(series.values, buckets);
  const draw = (transform: (value: number) => number) =>
    drawing(series, { baseline, min: scale.min, max: scale.max, transform, indices, buckets });
  const positive = shown.every((value) => value === null || value > 0);
  const log = positive ? `<g class="log" display="none">${draw(Math.log10)}</g>` : '';
  const failed = (level: Level) =>
    bands(series.failing[level], across(series.xs), series.values.length, level);
  const shade = failed('warn') + failed('error');
  const present = indices.filter((i) => series.values[i] != null);
  return {
    svg: `${open}${shade}${axes(run, scale.min, scale.max)}<g class="linear">${draw((x) => x)}</g>${log}</svg>`,
    at: present.map((i, k) => i - (present[k - 1] ?? 0)).join(' '),
    values: present.map((i) => formatNumber(series.values[i] ?? 0)).join(' '),
  };
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

/** Every step, or of many the first, the last and each bucket's extremes; -1 for a bucket without a value. */
function drawnSteps(values: readonly (number | null)[], buckets: number): number[] {
  if (values.length <= buckets * 2) return [...values.keys()];
  const extremes = extremesOfBuckets(values, buckets).flatMap(([a, b]) => (a === b ? [a] : [a, b]));
  const last = values.length - 1;
  return [...(extremes[0] === 0 ? [] : [0]), ...extremes, ...(extremes.at(-1) === last ? [] : [last])];
}

interface Frame {
  readonly baseline: number | null;
  readonly min: number;
  readonly max: number;
  readonly transform: (value: number) => number;
  readonly indices: readonly number[];
  readonly buckets: number;
}

function drawing(
  { xs, values, limits }: Series,
  { baseline, min, max, transform, indices, buckets }: Frame,
): string {
  const { height, top, bottom } = CHART;
  const [y0, y1] = [transform(min) / 2, transform(max) / 2];
  const px = across(xs);
  const py = (value: number) =>
    height - bottom - (y1 === y0 ? 0.5 : (transform(value) / 2 - y0) / (y1 - y0)) * (height - top - bottom);
  const parts: string[] = [];
  if (baseline !== null) parts.push(level(py(baseline), 'baseline', '1 4'));
  const limitPath = pathOf(limits, drawnSteps(limits, buckets), px, py);
  if (limitPath !== '') {
    parts.push(`<path class="limit" d="${limitPath}" fill="none" stroke="#b34700" stroke-dasharray="5 3"/>`);
  }
  const line = pathOf(values, indices, px, py);
  parts.push(
    `<path class="line" d="${line}" fill="none" stroke="#0060a8" stroke-width="1.5" stroke-linecap="round"/>`,
  );
  if (values.length <= MOST_DOTS) {
    const dots = values.map((value, i) => (value === null ? '' : `M${round(px(i))} ${round(py(value))}h0`));
    parts.push(
      `<path class="line" d="${dots.join('')}" fill="none" stroke="#0060a8" stroke-width="5" stroke-linecap="round"/>`,
    );
  }
  return parts.join('');
}

/** Where a step is, from left to right. */
function across(xs: readonly number[]): (i: number) => number {
  const { width, left, right } = CHART;
  const [first, last] = [xs[0] ?? 0, xs.at(-1) ?? 0];
  return (i) =>
    left + (last === first ? 0.5 : ((xs[i] ?? 0) - first) / (last - first)) * (width - left - right);
}

function level(y: number, name: string, dashes: string): string {
  const { width, left, right } = CHART;
  return `<path class="${name}" d="M${left} ${round(y)}H${width - right}" fill="none" stroke="#666" stroke-dasharray="${dashes}"/>`;
}

/** A line through the values that breaks where one is missing; a lone value is a dot. */
function pathOf(
  values: readonly (number | null)[],
  indices: readonly number[],
  px: (i: number) => number,
  py: (value: number) => number,
): string {
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

function bands(failing: readonly boolean[], px: (i: number) => number, count: number, level: Level): string {
  const [opacity, mark] =
    level === 'error'
      ? ['.16', 'class="mark" fill="#a33c00"']
      : ['.08', 'class="mark warn" fill="none" stroke="#a33c00"'];
  const { top, height, bottom } = CHART;
  const tall = height - top - bottom;
  const half = (i: number, j: number) => (px(Math.max(0, i)) + px(Math.min(count - 1, j))) / 2;
  let areas = '';
  let marks = '';
  for (let i = 0; i < failing.length; i++) {
    if (!failing[i]) continue;
    let end = i;
    // Failures closer than an eye tells apart are one band.
    for (let next = i + 1; failing[next] || px(next) - px(end) < 2; next++) {
      if (next >= count) break;
      if (failing[next]) end = next;
    }
    const from = round(half(i - 1, i));
    const size = round(Math.max(2, half(end, end + 1) - from));
    areas += `M${from} ${top}h${size}v${tall}h-${size}z`;
    marks += `M${round(px(i))} ${height - bottom}l-4 7h8z`;
    i = end;
  }
  if (areas === '') return '';
  return `<path class="band" d="${areas}" fill="#d55e00" fill-opacity="${opacity}"/><path ${mark} d="${marks}"/>`;
}

/** Two lines that the values lie between, with what they stand for, and the first and last step. */
function axes({ steps }: ReportRun, min: number, max: number): string {
  const { width, height, left, right, top, bottom } = CHART;
  const right0 = width - right;
  const [first, last] = [steps[0]?.step, steps.at(-1)?.step];
  const foot = height - bottom;
  const lines =
    min === max ? `M${left} ${foot}H${right0}` : `M${left} ${top}H${right0}M${left} ${foot}H${right0}`;
  const side = (y: number, value: number) => svgText(left - 6, y + 4, 'end', formatNumber(value));
  const isOne = last == null || last === first;
  return [
    `<path class="axis" d="${lines}" fill="none" stroke="#ccc"/>`,
    min === max ? side((top + foot) / 2, max) : side(top, max) + side(foot, min),
    first == null
      ? ''
      : svgText(isOne ? (left + right0) / 2 : left, height - 4, isOne ? 'middle' : 'start', `step ${first}`),
    isOne ? '' : svgText(right0, height - 4, 'end', String(last)),
  ].join('');
}
