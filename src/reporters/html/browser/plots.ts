import { CHART, type View } from '../draw/chart.js';
import { acrossOf } from '../draw/scales.js';
import { change, onChange, state } from './state.js';

/** A picture over the steps that the page's cursor and zoom work on. */
export interface Plot {
  readonly svg: SVGSVGElement;
  /** All steps that it has. */
  readonly whole: Pick<View, 'from' | 'to'>;
  /** Where the cursor can stand, ascending. */
  readonly steps: readonly number[];
  /** The content of the picture. */
  draw(view: View): string;
  /** What it shows at a step; `y` is where the pointer is, in the picture's own units. */
  said(step: number, view: View, y: number | null): string;
  /** Takes keys and clicks of its own; true where it did. */
  onKey?(key: string): boolean;
  onClick?(): void;
}

const BUCKETS = 300;
const SVG = 'http://www.w3.org/2000/svg';
const LEAST_DRAG = 6;
const shownPlots = new Map<Element, () => void>();
let observer: IntersectionObserver | null = null;

/** Lets go of the charts of a page that is replaced. */
export function forgetPlots(): void {
  observer?.disconnect();
  observer = null;
  shownPlots.clear();
}

/** Draws a plot again whenever the step, the part in view or the scale changes, while it can be seen. */
export function addPlot(plot: Plot): void {
  const { svg, whole } = plot;
  const figure = svg.closest('figure')!;
  const group = svg.querySelector('g.plot')!;
  const output = document.createElement('output');
  figure.querySelector('figcaption')!.append(output);
  const cursor = document.createElementNS(SVG, 'path');
  cursor.setAttribute('class', 'cursor');
  const marked = document.createElementNS(SVG, 'path');
  marked.setAttribute('class', 'marked');
  svg.append(cursor, marked);
  svg.setAttribute('tabindex', '0');
  let pointerY: number | null = null;
  let drawn = '';
  const viewNow = (): View => ({
    ...(state.zoom ?? whole),
    isLog: state.isLog,
    buckets: BUCKETS,
  });
  const update = () => {
    const view = viewNow();
    const key = JSON.stringify(view);
    // What stands in the page is right until something else is asked for.
    if (key !== drawn && (drawn !== '' || state.zoom !== null || state.isLog))
      group.innerHTML = plot.draw(view);
    drawn = key;
    const { step } = state;
    const isIn =
      step !== null && step >= view.from && step <= view.to && step >= whole.from && step <= whole.to;
    const x = isIn ? acrossOf(view)(step) : 0;
    cursor.setAttribute('d', isIn ? `M${x} ${CHART.top}V${CHART.height - CHART.bottom}` : '');
    output.textContent = step === null ? '' : plot.said(step, view, pointerY);
  };
  shownPlots.set(svg, update);
  observer ??= watchSight();
  observer.observe(svg);

  const placeOf = (event: PointerEvent) => {
    const box = svg.getBoundingClientRect();
    const scale = CHART.width / box.width;
    return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
  };
  const stepAt = (x: number) => {
    const { from, to } = viewNow();
    const share = (x - CHART.left) / (CHART.width - CHART.left - CHART.right);
    return from + Math.max(0, Math.min(1, share)) * (to - from);
  };
  let start: number | null = null;
  svg.onpointerdown = (event) => {
    if (event.button !== 0) return;
    start = placeOf(event).x;
    change({ step: nearestOf(plot.steps, stepAt(start)) });
  };
  svg.onpointermove = (event) => {
    const { x, y } = placeOf(event);
    pointerY = y;
    if (start !== null && Math.abs(x - start) >= LEAST_DRAG) {
      if (!svg.hasPointerCapture(event.pointerId)) svg.setPointerCapture(event.pointerId);
      const [a, b] = [Math.min(start, x), Math.max(start, x)].map((at) =>
        Math.max(CHART.left, Math.min(CHART.width - CHART.right, at)),
      );
      marked.setAttribute('d', `M${a} ${CHART.top}H${b}V${CHART.height - CHART.bottom}H${a}z`);
    }
    change({ step: nearestOf(plot.steps, stepAt(x)) });
  };
  svg.onpointerup = (event) => {
    const { x } = placeOf(event);
    marked.setAttribute('d', '');
    const from = start;
    start = null;
    if (from === null) return;
    if (Math.abs(x - from) < LEAST_DRAG) plot.onClick?.();
    else zoomTo(plot.steps, stepAt(Math.min(from, x)), stepAt(Math.max(from, x)));
  };
  svg.onpointercancel = () => {
    start = null;
    marked.setAttribute('d', '');
  };
  svg.onpointerleave = () => {
    pointerY = null;
    if (state.pointed !== null) change({ pointed: null });
  };
  svg.ondblclick = () => change({ zoom: null });
  svg.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!plot.onKey?.(event.key) && !moved(event.key, plot.steps, viewNow())) return;
    event.preventDefault();
  };
  onChange(() => {
    if (inSight.has(svg)) update();
  });
}

const inSight = new WeakSet<Element>();

function watchSight(): IntersectionObserver {
  return new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) inSight.delete(target);
        else {
          inSight.add(target);
          shownPlots.get(target)?.();
        }
      }
    },
    { rootMargin: '300px' },
  );
}

/** Moves the cursor or changes the part in view; false for a key that does neither. */
function moved(key: string, steps: readonly number[], { from, to }: View): boolean {
  const within = steps.filter((step) => step >= from && step <= to);
  const now =
    state.step === null ? within.length : within.indexOf(nearestOf(within, state.step) ?? Number.NaN);
  const go = (i: number) =>
    change({ step: within[Math.max(0, Math.min(within.length - 1, i))] ?? state.step });
  const middle = state.step ?? (from + to) / 2;
  switch (key) {
    case 'ArrowLeft':
      go(now - 1);
      return true;
    case 'ArrowRight':
      go(now + 1);
      return true;
    case 'Home':
      go(0);
      return true;
    case 'End':
      go(within.length - 1);
      return true;
    case '+':
      zoomTo(steps, middle - (middle - from) / 2, middle + (to - middle) / 2);
      return true;
    case '-':
      zoomTo(steps, middle - (middle - from) * 2, middle + (to - middle) * 2);
      return true;
    case 'Escape':
      change({ zoom: null });
      return true;
    default:
      return false;
  }
}

/** Shows the steps between two, at least two of them; all where the part has them all. */
function zoomTo(steps: readonly number[], from: number, to: number): void {
  const [first, last] = [steps[0] ?? 0, steps.at(-1) ?? 0];
  if (from <= first && to >= last) {
    change({ zoom: null });
    return;
  }
  if (steps.filter((step) => step >= from && step <= to).length < 2) return;
  change({ zoom: { from: Math.max(from, first), to: Math.min(to, last) } });
}

export function nearestOf(steps: readonly number[], wanted: number): number | null {
  let best: number | null = null;
  for (const step of steps)
    if (best === null || Math.abs(step - wanted) < Math.abs(best - wanted)) best = step;
  return best;
}
