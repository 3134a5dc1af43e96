import { drawPairs, pairWords } from '../draw/pairs.js';
import { type Clouds, cloudWords, drawCloud } from '../draw/points.js';
import { change, onChange, state } from './state.js';

/** Lets a slider move the second picture of the rows through the steps; the cursor of the charts moves it too. */
export function addClouds(section: HTMLElement): void {
  const clouds = JSON.parse(section.dataset.clouds ?? '') as Clouds;
  const figure = section.querySelector<HTMLElement>('figure.moving');
  if (figure === null) return;
  const figures = [...section.querySelectorAll<HTMLElement>('figure.cloud')];
  const last = clouds.steps.length - 1;
  const most = Math.max(...clouds.steps.map(({ scale }) => scale));
  const slider = document.createElement('input');
  Object.assign(slider, { type: 'range', min: '0', max: String(last), value: String(last) });
  slider.setAttribute('aria-label', 'Step of the rows');
  const fit = document.createElement('input');
  fit.type = 'checkbox';
  const label = document.createElement('label');
  label.append(fit, ' each step to its own scale');
  const controls = document.createElement('div');
  controls.className = 'slide';
  controls.append(slider, label);
  figure.append(controls);
  const draw = (one: HTMLElement, i: number) => {
    const cloud = clouds.steps[i]!;
    one.querySelector('g.plot')!.innerHTML = drawCloud(clouds, i, fit.checked ? cloud.scale : most);
    const words = cloudWords(cloud);
    one.querySelector('figcaption b')!.textContent = words;
    one.querySelector('svg')!.setAttribute('aria-label', `Rows in a plane, ${words}`);
    slider.setAttribute('aria-valuetext', words);
  };
  const drawPairsOf = (one: HTMLElement, i: number) => {
    const { step, pairs } = clouds.steps[i]!;
    const role = one.dataset.role === 'prediction' ? 'prediction' : 'target';
    const text = pairs?.[role] ?? '';
    const words = pairWords(text, step);
    one.querySelector('g.plot')!.innerHTML = pairs === undefined ? '' : drawPairs(text, pairs.rows);
    one.querySelector('.said-of-pairs')!.textContent = words;
    const title = one.querySelector('b')!.textContent;
    one.querySelector('svg')!.setAttribute('aria-label', `Cosines of ${title}, ${words}`);
  };
  const drawAll = () => {
    for (const one of section.querySelectorAll<HTMLElement>('figure.pairs'))
      drawPairsOf(one, Number(slider.value));
    for (const one of figures) draw(one, one === figure ? Number(slider.value) : Number(one.dataset.at));
  };
  drawAll();
  let moved: number | null = null;
  slider.oninput = () => {
    moved = clouds.steps[Number(slider.value)]!.step;
    drawAll();
    if (moved !== null) change({ step: moved });
  };
  fit.onchange = drawAll;
  const follow = () => {
    const { step } = state;
    if (step === null || step === moved) return;
    moved = step;
    const far = (i: number) => Math.abs((clouds.steps[i]!.step ?? 0) - step);
    const i = clouds.steps.reduce((best, _, at) => (far(at) < far(best) ? at : best), 0);
    if (String(i) === slider.value) return;
    slider.value = String(i);
    drawAll();
  };
  onChange(follow);
}
