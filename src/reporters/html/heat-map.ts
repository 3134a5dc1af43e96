import { formatNumber } from '../view/format-number.js';
import { printable } from '../view/printable.js';
import { xmlText } from '../view/xml-text.js';
import { bitmap, COLOURS, colourAt } from './draw/bitmap.js';
import { CHART } from './draw/chart.js';
import { jsonAttribute } from './draw/chart-text.js';
import { drawHeatMap } from './draw/draw-heat-map.js';
import { svgOpen } from './svg.js';

/** Columns of a picture whose steps are many or not evenly far apart. */
const MOST_COLUMNS = 160;
/** From this ratio of the greatest to the least value on colours follow powers. */
const WIDE = 100;

export interface HeatMap {
  readonly title: string;
  /** What a row is: 'horizon', 'rank'. */
  readonly rowName: string;
  /** From the bottom to the top. */
  readonly rows: readonly string[];
  /** Ascending. */
  readonly steps: readonly number[];
  /** `values[row][column]`. */
  readonly values: readonly (readonly (number | null)[])[];
}

/** A picture of values by step and row, a colour each; '' where there is no value. */
export function heatFigure(map: HeatMap): string {
  const { title, rowName, rows, steps, values } = map;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const row of values) {
    for (const value of row) {
      if (value === null) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high || rows.length === 0) return '';
  const isLog = low > 0 && high / low > WIDE;
  const columns = columnsOf(steps);
  const level = (value: number | null | undefined) => {
    if (value == null) return 0;
    if (low === high) return COLOURS >> 1;
    const share = isLog
      ? Math.log(value / low) / Math.log(high / low)
      : (value / 2 - low / 2) / (high / 2 - low / 2);
    return 1 + Math.min(COLOURS - 2, Math.floor(share * (COLOURS - 1)));
  };
  const picture = bitmap(values.map((row) => columns.map((i) => level(row[i]))));
  const [from, to] = [steps[0]!, steps.at(-1)!];
  const view = { from, to };
  const label = `${title} by step and ${rowName}: between ${formatNumber(low)} and ${formatNumber(high)}, from dark to light`;
  const facts = `data-rows='${jsonAttribute(JSON.stringify(rows.map((row) => printable(row))))}' data-scale="${low} ${high} ${isLog ? 'log' : 'linear'}" data-row-name="${rowName}" data-from="${from}" data-to="${to}"`;
  const bar = Array.from({ length: 8 }, (_, i) => `<i style="background:${colourAt(i / 7)}"></i>`).join('');
  return `<figure class="heat" ${facts}><figcaption><b>${xmlText(title)}</b> <span class="dim">${rowName} × step${isLog ? ', log scale' : ''}</span><br><span class="scale">${formatNumber(low)} <span class="bar" aria-hidden="true">${bar}</span> ${formatNumber(high)}</span></figcaption>${svgOpen(CHART, label)}<g class="plot">${drawHeatMap({ picture, rows, whole: view }, view)}</g></svg></figure>`;
}

/** Which step each column is of: two columns a step where those are few and evenly spaced, one for the first and last. */
function columnsOf(steps: readonly number[]): number[] {
  const count = steps.length;
  if (count === 1) return [0];
  const [first, last] = [steps[0]!, steps[count - 1]!];
  const every = (last - first) / (count - 1);
  const isEven =
    count <= MOST_COLUMNS / 2 && steps.every((step, i) => Math.abs(step - first - i * every) < every / 100);
  const columns = isEven ? 2 * (count - 1) : MOST_COLUMNS;
  let i = 0;
  return Array.from({ length: columns }, (_, k) => {
    const at = first + ((k + 0.5) / columns) * (last - first);
    while (i + 1 < count && Math.abs(steps[i + 1]! - at) <= Math.abs(steps[i]! - at)) i++;
    return i;
  });
}
