import { onChange, state } from './state.js';

/** Marks, of the curves of a plot of spectra, that of the step nearest to the cursor, and says what it shows. */
export function addSpectrum(figure: HTMLElement): void {
  const curves = [...figure.querySelectorAll<SVGPathElement>('path.curve')];
  const numbered = curves.filter(({ dataset }) => dataset.step !== '');
  if (numbered.length === 0) return;
  const output = document.createElement('output');
  figure.querySelector('figcaption')!.append(output);
  const update = () => {
    const { step } = state;
    const far = (curve: SVGPathElement) => Math.abs(Number(curve.dataset.step) - (step ?? 0));
    const chosen = step === null ? null : numbered.reduce((a, b) => (far(b) < far(a) ? b : a));
    for (const curve of curves) curve.classList.toggle('chosen', curve === chosen);
    figure.classList.toggle('choosing', chosen !== null);
    if (chosen?.nextElementSibling?.matches('path.curve')) curves.at(-1)!.after(chosen);
    output.textContent = chosen === null ? '' : `step ${chosen.dataset.step}: ${chosen.dataset.said}`;
  };
  update();
  onChange(update);
}
