import { nearestOf } from './plots.js';
import { change, onChange, state } from './state.js';

function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  parts: Partial<HTMLElementTagNameMap[K]> = {},
): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(name), parts);
}

/** The bar above the page: which metrics, which scale, which step, and back to all steps. */
export function addControls(main: HTMLElement, steps: readonly number[]): void {
  const figures = [...main.querySelectorAll<HTMLElement>('figure[data-metric]')];
  if (figures.length === 0) return;
  const bar = make('div', { className: 'controls' });
  const search = make('input', { type: 'search', placeholder: 'filter metrics', value: state.filter });
  search.setAttribute('aria-label', 'Show only metrics whose name contains');
  const count = make('span', { className: 'dim' });
  count.setAttribute('role', 'status');
  const filter = () => {
    const wanted = search.value.trim().toLowerCase();
    for (const figure of figures) figure.hidden = !figure.dataset.metric!.includes(wanted);
    const shown = figures.filter((figure) => !figure.hidden).length;
    count.textContent = wanted === '' ? '' : `${shown} of ${figures.length} charts`;
  };
  search.oninput = () => {
    state.filter = search.value;
    filter();
  };
  filter();
  const log = make('input', { type: 'checkbox', checked: state.isLog });
  log.onchange = () => change({ isLog: log.checked });
  const label = make('label');
  label.append(log, ' log scale');
  label.title = 'where all values are above 0';
  bar.append(search, label, ...stepControls(steps), count);
  main.before(bar);
}

/** A slider for the cursor of all charts, and a way back from a part of the steps; nothing for one step. */
function stepControls(steps: readonly number[]): HTMLElement[] {
  if (steps.length < 2) return [];
  const slider = make('input', { type: 'range', min: '0', max: String(steps.length - 1) });
  slider.setAttribute('aria-label', 'Step');
  const output = make('output');
  const whole = make('button', { type: 'button', textContent: 'all steps' });
  slider.oninput = () => change({ step: steps[Number(slider.value)] ?? null });
  whole.onclick = () => change({ zoom: null });
  const update = () => {
    const { step, zoom } = state;
    const shown = step === null ? null : nearestOf(steps, step);
    slider.value = String(shown === null ? steps.length - 1 : steps.indexOf(shown));
    output.textContent = shown === null ? '' : `step ${shown}`;
    slider.setAttribute('aria-valuetext', shown === null ? 'no step chosen' : `step ${shown}`);
    whole.hidden = zoom === null;
  };
  update();
  onChange(update);
  return [slider, output, whole];
}
