import { formatNumber } from '../../view/format-number.js';
import { type Chart, isPositive, type Line, type View } from '../draw/chart.js';
import { chartFrom } from '../draw/chart-text.js';
import { drawChart } from '../draw/draw-chart.js';
import { nearest, rangeOf, upOf } from '../draw/scales.js';
import { contextOf, stepsIn, wholeOf } from './charts.js';
import { addPlot } from './plots.js';
import { change, onChange, state } from './state.js';

/** How far from a line the pointer may be, in the picture's own units. */
const NEAR = 18;

/** A metric of all runs, a line each: the one that is pointed at is named, and a click keeps it in sight. */
export function addRunsChart(figure: HTMLElement): void {
  const { lists } = contextOf(figure);
  const chart = chartFrom(figure.dataset.chart ?? '', lists);
  const isLogAble = isPositive(chart);
  const scaled = (view: View) => (isLogAble ? view : { ...view, isLog: false });
  const steps = stepsIn(lists);
  const svg = figure.querySelector<SVGSVGElement>('figcaption ~ svg')!;
  addPlot({
    svg,
    whole: wholeOf(steps),
    steps,
    draw: (view) => drawChart(chart, scaled(view)),
    said: (step, view, y) => {
      if (y !== null) {
        const pointed = lineAt(chart, step, scaled(view), y)?.run ?? null;
        if (pointed !== state.pointed) change({ pointed });
      }
      paint(svg);
      const line = chart.lines.find(({ run }) => run === (state.pointed ?? [...state.kept].at(-1)));
      const at = line === undefined ? null : nearest(line, step);
      if (line === undefined || at === null) return '';
      return `${line.name}, step ${at.x}: ${at.y === null ? 'no value' : formatNumber(at.y)}`;
    },
    onClick: () => {
      if (state.pointed !== null) toggle(state.pointed);
    },
    onKey: (key) => {
      const order = chart.lines.map(({ run }) => run ?? 0).sort((a, b) => a - b);
      const now = order.indexOf(state.pointed ?? 0);
      if (key === 'ArrowDown') change({ pointed: order[(now + 1) % order.length] ?? null });
      else if (key === 'ArrowUp')
        change({ pointed: order[(Math.max(now, 0) + order.length - 1) % order.length] ?? null });
      else if ((key === 'Enter' || key === ' ') && state.pointed !== null) toggle(state.pointed);
      else return false;
      if (state.step === null) change({ step: steps.at(-1) ?? null });
      return true;
    },
  });
}

function lineAt({ lines }: Chart, step: number, view: View, y: number): Line | undefined {
  const range = rangeOf({ lines, failing: [] }, view);
  if (range === undefined) return undefined;
  const up = upOf(range);
  let best: Line | undefined;
  let least = NEAR;
  for (const line of lines) {
    const value = nearest(line, step)?.y;
    if (value == null) continue;
    const far = Math.abs(up(value) - y);
    if (far < least) [best, least] = [line, far];
  }
  return best;
}

function toggle(run: number): void {
  if (!state.kept.delete(run)) state.kept.add(run);
  change({});
}

/** Marks in a chart the lines that are kept or pointed at. */
function paint(svg: SVGSVGElement): void {
  svg.classList.toggle('choosing', state.kept.size > 0 || state.pointed !== null);
  for (const path of svg.querySelectorAll<SVGPathElement>('path[data-run]')) {
    const run = Number(path.dataset.run);
    path.classList.toggle('kept', state.kept.has(run));
    path.classList.toggle('pointed', state.pointed === run);
  }
}

/** Gives each row of the table of runs a button that keeps its lines, and marks the lines of a row that is pointed at. */
export function addRunRows(section: HTMLElement): void {
  const hint = section.querySelector('.hint');
  if (hint !== null) hint.textContent = 'Point at a line for its run, click to keep it. Drag to zoom.';
  const rows = [...section.querySelectorAll<HTMLTableRowElement>('tr[data-run]')];
  const svgs = [...section.querySelectorAll<SVGSVGElement>('figure.runs > svg')];
  if (svgs.length === 0) return;
  const buttons = rows.map((row) => {
    const run = Number(row.dataset.run);
    const button = document.createElement('button');
    Object.assign(button, { type: 'button', className: 'keep', textContent: '◉' });
    button.setAttribute('aria-label', `Keep the lines of ${row.querySelector('bdi')?.textContent ?? ''}`);
    button.onclick = () => toggle(run);
    row.cells[0]!.prepend(button, ' ');
    row.onpointerenter = () => change({ pointed: run });
    row.onpointerleave = () => change({ pointed: null });
    return { run, row, button };
  });
  const update = () => {
    for (const { run, row, button } of buttons) {
      button.setAttribute('aria-pressed', String(state.kept.has(run)));
      row.classList.toggle('pointed', state.pointed === run);
    }
    for (const svg of svgs) paint(svg);
  };
  update();
  onChange(update);
}
