// What a browser adds to a page that is whole without it: one cursor through all charts, a part of the steps, a filter,
// a log scale, sorting, and the rows of a step at a slider. It asks the network for nothing.
import { addChart, addHeatMap, contextOf, stepsIn } from './charts.js';
import { addClouds } from './clouds.js';
import { addControls } from './controls.js';
import { forgetPlots } from './plots.js';
import { addRunRows, addRunsChart } from './runs.js';
import { addSpectrum } from './spectra.js';
import { anchorOf, forgetListeners, readAddress } from './state.js';
import { addSorting } from './tables.js';

function each(selector: string, act: (element: HTMLElement) => void): void {
  for (const element of document.querySelectorAll<HTMLElement>(selector)) act(element);
}

function start(): void {
  forgetListeners();
  forgetPlots();
  const sections = [...document.querySelectorAll('section.run, section.overview')];
  const lists = sections.flatMap((section) => contextOf(section).lists);
  addControls(document.querySelector('main')!, stepsIn(lists));
  each('figure.chart.runs', addRunsChart);
  each('figure.chart:not(.runs)', addChart);
  each('figure.heat', addHeatMap);
  each('figure.spectrum', addSpectrum);
  each('.clouds', addClouds);
  each('section.overview', addRunRows);
  for (const table of document.querySelectorAll<HTMLTableElement>('table.steps, table.runs'))
    addSorting(table);
}

/** Unfolds the run that the address names. */
function goThere(): void {
  const anchor = anchorOf(location.hash);
  const section = anchor === '' ? null : document.getElementById(anchor);
  const details = section?.closest('details');
  if (details) details.open = true;
  section?.scrollIntoView();
}

start();
readAddress();
goThere();
addEventListener('hashchange', () => {
  readAddress();
  goThere();
});
// Another page was put in place of this one.
addEventListener('pagechange', start);
