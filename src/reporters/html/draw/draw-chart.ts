import { formatNumber } from '../../view/format-number.js';
import { px, svgText, svgTexts } from '../svg.js';
import {
  CHART,
  type Chart,
  type Failing,
  isBound,
  isLettered,
  type Line,
  type LineKind,
  type View,
} from './chart.js';
import { dotPath, inView, linePath, thinned } from './paths.js';
import { acrossOf, type Place, type Range, rangeOf, stepTicks, ticksOf, upOf } from './scales.js';

/** Up to this many values of a line in view each is a dot on it. */
const MOST_DOTS = 40;
const LETTER_HEIGHT = 10;

/** How lines look without a style; classes of the same names have the colours of both schemes. */
export const PAINT: Readonly<Record<LineKind, string>> = {
  prediction: 'stroke="#0060a8" stroke-width="1.5"',
  target: 'stroke="#0b6b50" stroke-width="1.5" stroke-dasharray="7 2"',
  horizon: 'stroke="#7a3d9a" stroke-width="1.5" stroke-dasharray="3 2"',
  bound: 'stroke="#b34700" stroke-dasharray="5 3"',
  'warning-bound': 'stroke="#b34700" stroke-dasharray="2 3"',
  baseline: 'stroke="#666" stroke-dasharray="1 4"',
  reference: 'stroke="#666" stroke-dasharray="6 2 1 2"',
  'reference-bound': 'stroke="#b34700" stroke-dasharray="5 3"',
  ok: 'stroke="#3b8f7a"',
  early: 'stroke="#777"',
  warning: 'stroke="#b98500"',
  alert: 'stroke="#b33c00" stroke-width="1.6"',
  error: 'stroke="#b33c00" stroke-width="1.6"',
  'no-data': 'stroke="#777" stroke-dasharray="1 3"',
};

/**
 * Draws what is in view, as the content of an SVG that needs neither script nor style: from back to front the steps that
 * failed, the grid, bounds and baseline with their letters, and the lines. What lies about a line, such as the band of a
 * reference, comes between the grid and the bounds.
 */
export function drawChart(chart: Chart, view: View): string {
  const across = acrossOf(view);
  const range = rangeOf(chart, view);
  if (range === undefined) return stepAxis(view, across) + svgText(CHART.left + 6, 80, 'start', 'no value');
  const up = upOf(range);
  return [
    ...(['warn', 'error'] as const).map((level) => failures(chart.failing, level, view, across)),
    stepAxis(view, across),
    valueAxis(range, up),
    referenceBand(chart.lines, view, across, up),
    bounds(chart.lines.filter(isBound), view, across, up),
    '<g fill="none" stroke-linecap="round" stroke-linejoin="round">',
    ...chart.lines.filter((line) => !isBound(line)).map((line) => drawn(line, view, across, up)),
    '</g>',
  ].join('');
}

function drawn(line: Line, view: View, across: Place, up: Place): string {
  const part = inView(line, view);
  const own = line.run === undefined ? '' : ` data-run="${line.run}"`;
  const paint = `class="line ${line.kind}"${own} ${PAINT[line.kind]}`;
  const path = linePath(part, view.buckets, across, up);
  const shown = `<path ${paint} d="${path}"/>`;
  if (part.y.length > Math.min(MOST_DOTS, view.buckets) || line.run !== undefined) return shown;
  const dots = paint.replace(/ stroke-(width|dasharray)="[^"]*"/g, '');
  return `${shown}<path ${dots} stroke-width="4.5" d="${dotPath(part, across, up)}"/>`;
}

/** What lies between the median of a reference and the end of its band: where a run like its runs is. */
function referenceBand(lines: readonly Line[], view: View, across: Place, up: Place): string {
  const corners = (kind: LineKind) =>
    lines
      .filter((line) => line.kind === kind)
      .map((line) => {
        const { x, y } = inView(line, view);
        const shown = thinned(y, view.buckets).filter((i) => y[i] != null);
        return shown.map((i) => `${px(across(x[i]!))} ${px(up(y[i]!))}`);
      });
  const ends = corners('reference-bound');
  const areas = corners('reference').map((middle, i) => {
    const end = ends[i] ?? [];
    return middle.length < 2 || end.length < 2 ? '' : `M${[...middle, ...end.toReversed()].join('L')}z`;
  });
  const path = areas.join('');
  return path === '' ? '' : `<path class="reference-band" d="${path}" fill="#666" fill-opacity=".12"/>`;
}

/** Bounds, each with a letter where it ends, the letters clear of one another; the caption says what they stand for. */
function bounds(lines: readonly Line[], view: View, across: Place, up: Place): string {
  const parts: string[] = [];
  const letters: { y: number; text: string }[] = [];
  const lettered = lines.filter(isLettered);
  for (const line of lines) {
    const part = inView(line, view);
    const last = part.y.findLast((value) => value !== null);
    if (last == null) continue;
    const isWhole = !(view.to > view.from);
    const path = isWhole
      ? `M${CHART.left} ${px(up(last))}H${CHART.width - CHART.right}`
      : linePath(part, view.buckets, across, up);
    parts.push(`<path class="${line.kind}" d="${path}" fill="none" ${PAINT[line.kind]}/>`);
    const i = lettered.indexOf(line);
    if (i >= 0) letters.push({ y: up(last) + 3, text: boundLetter(i) });
  }
  let free = Number.POSITIVE_INFINITY;
  for (const { y, text } of letters.sort((a, b) => b.y - a.y)) {
    free = Math.min(y, free - LETTER_HEIGHT);
    parts.push(svgText(CHART.width - CHART.right + 3, free, 'start', text, 'name'));
  }
  return parts.join('');
}

/** What stands at the end of a chart's first, second, … bound. */
export function boundLetter(i: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + (i % 26));
}

function failures(all: readonly Failing[], level: Failing['level'], view: View, across: Place): string {
  const { top, height, bottom } = CHART;
  const tall = height - top - bottom;
  let areas = '';
  let marks = '';
  let free = 0;
  for (const one of all) {
    if (one.level !== level || one.to < view.from || one.from > view.to) continue;
    const from = px(across(Math.max(one.from, view.from)));
    const wide = px(Math.max(2, across(Math.min(one.to, view.to)) - from));
    areas += `M${from} ${top}h${wide}v${tall}h-${wide}z`;
    const mark = px(across(one.first));
    // Marks closer than an eye tells apart are one.
    if (one.first < view.from || mark < free) continue;
    marks += `M${mark} ${height - bottom}l-4 7h8z`;
    free = mark + 8;
  }
  if (areas === '') return '';
  const [opacity, look] =
    level === 'error'
      ? ['.16', 'class="mark" fill="#a33c00"']
      : ['.08', 'class="mark warn" fill="none" stroke="#a33c00"'];
  return `<path class="band" d="${areas}" fill="#d55e00" fill-opacity="${opacity}"/><path ${look} d="${marks}"/>`;
}

/** Draws round steps at the foot, for any chart of this geometry. */
export function stepAxis(view: Pick<View, 'from' | 'to'>, across: Place): string {
  const { height, bottom } = CHART;
  const ticks = stepTicks(view);
  const labels = svgTexts(
    'middle',
    ticks.map((tick) => [across(tick), height - 5, formatNumber(tick)]),
  );
  const lines = ticks.map((tick) => `M${px(across(tick))} ${height - bottom}v4`).join('');
  // Its name stands where no number does.
  const name = ticks.length > 0 && across(ticks[0]!) < 78 ? '' : svgText(4, height - 5, 'start', 'step');
  return `<path class="axis" d="${lines}" fill="none" stroke="#ccc"/>${labels}${name}`;
}

function valueAxis(range: Range, up: Place): string {
  const { width, left, right, height, bottom } = CHART;
  const ticks = ticksOf(range);
  const lines = ticks.map((tick) => `M${left} ${px(up(tick))}H${width - right}`).join('');
  const labels = svgTexts(
    'end',
    ticks.map((tick) => [left - 5, up(tick) + 4, formatNumber(tick)]),
  );
  const foot = `M${left} ${height - bottom}H${width - right}`;
  return `<path class="axis" d="${lines}${foot}" fill="none" stroke="#ccc"/>${labels}`;
}

/** Says in words what a chart shows, for who cannot see it. */
export function chartWords({ lines }: Chart, steps: number): string {
  const parts = lines.flatMap(({ name, kind, y }) => {
    const values = y.filter((value) => value !== null);
    const last = values.at(-1);
    if (last === undefined || kind.endsWith('bound')) return [];
    const [low, high] = values.reduce(([a, b], x) => [Math.min(a, x), Math.max(b, x)], [last, last]);
    return [`${name} between ${formatNumber(low)} and ${formatNumber(high)}, last ${formatNumber(last)}`];
  });
  return `over ${steps} steps: ${parts.join('; ') || 'no value'}`;
}
