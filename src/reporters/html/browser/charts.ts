import { formatNumber } from '../../view/format-number.js';
import { COLOURS, levelsOf } from '../draw/bitmap.js';
import { CHART, isBound, isPositive, type Line } from '../draw/chart.js';
import { chartFrom, sums } from '../draw/chart-text.js';
import { drawChart } from '../draw/draw-chart.js';
import { drawHeatMap } from '../draw/draw-heat-map.js';
import { nearest } from '../draw/scales.js';
import { addPlot } from './plots.js';

/** Where the charts of a figure are in the page. */
export interface Context {
  readonly lists: readonly (readonly number[])[];
  readonly isNumbered: boolean;
}

export function contextOf(figure: Element): Context {
  const section = figure.closest<HTMLElement>('section.run, section.overview');
  const { steps, lists, unnumbered } = section?.dataset ?? {};
  const all = lists === undefined ? [sums(steps ?? '')] : (JSON.parse(lists) as string[]).map(sums);
  return { lists: all, isNumbered: unnumbered === undefined };
}

export function stepsIn(lists: Context['lists']): number[] {
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}

export function wholeOf(steps: readonly number[]): { from: number; to: number } {
  return { from: steps[0] ?? 0, to: steps.at(-1) ?? 0 };
}

/** A chart of the metrics of one run. */
export function addChart(figure: HTMLElement): void {
  const { lists, isNumbered } = contextOf(figure);
  const chart = chartFrom(figure.dataset.chart ?? '', lists);
  const lines = chart.lines.filter((line) => !isBound(line));
  const isLogAble = isPositive(chart);
  addPlot({
    svg: figure.querySelector('figcaption ~ svg')!,
    whole: wholeOf(lists[0]!),
    steps: lists[0]!,
    draw: (view) => drawChart(chart, isLogAble ? view : { ...view, isLog: false }),
    said: (step) => readings(lines, step, isNumbered),
  });
}

/** Writes what lines show at a step: 'step 500: 0.39', and of several each with its name. */
function readings(lines: readonly Line[], step: number, isNumbered: boolean): string {
  const found = lines.flatMap((line) => {
    const at = nearest(line, step);
    return at === null ? [] : [{ line, at }];
  });
  const [first] = found;
  if (first === undefined) return '';
  const values = found.map(({ line, at }) => {
    const value = at.y === null ? 'no value' : formatNumber(at.y);
    return found.length === 1 ? value : `${shortName(line)} ${value}`;
  });
  return `${isNumbered ? `step ${first.at.x}: ` : ''}${values.join(', ')}`;
}

function shortName({ kind }: Line): string {
  return kind === 'horizon' ? 'worst horizon' : kind;
}

/** A picture of values by step and row. */
export function addHeatMap(figure: HTMLElement): void {
  const svg = figure.querySelector<SVGSVGElement>('figcaption ~ svg')!;
  const picture = svg.querySelector('image')!.getAttribute('href')!;
  const { rows: names = '', scale = '', rowName = '', from = '0', to = '0' } = figure.dataset;
  const rows = JSON.parse(names) as string[];
  const [low = 0, high = 0, kind] = scale
    .split(' ')
    .map((part) => (part === 'log' || part === 'linear' ? part : Number(part))) as [number, number, string];
  const whole = { from: Number(from), to: Number(to) };
  const { lists } = contextOf(figure);
  const steps = stepsIn(lists).filter((step) => step >= whole.from && step <= whole.to);
  const levels = levelsOf(picture);
  const columns = levels[0]?.length ?? 0;
  const shownBy = (level: number) => {
    const share = (level - 0.5) / (COLOURS - 1);
    return kind === 'log' ? low * (high / low) ** share : low + share * (high - low);
  };
  addPlot({
    svg,
    whole,
    steps,
    draw: (view) => drawHeatMap({ picture, rows, whole }, view),
    said: (step, _, y) => {
      const share = whole.to > whole.from ? (step - whole.from) / (whole.to - whole.from) : 0;
      const column = Math.max(0, Math.min(columns - 1, Math.floor(share * columns)));
      if (y === null) return `step ${step}`;
      const tall = CHART.height - CHART.top - CHART.bottom;
      const row = Math.floor(((CHART.height - CHART.bottom - y) / tall) * rows.length);
      const level = levels[row]?.[column];
      if (level === undefined) return `step ${step}`;
      const said = level === 0 ? 'no value' : `about ${Number(shownBy(level).toPrecision(2))}`;
      return `step ${step}, ${rowName} ${rows[row]}: ${said}`;
    },
  });
}
