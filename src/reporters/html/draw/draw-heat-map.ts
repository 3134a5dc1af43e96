import { printable } from '../../view/printable.js';
import { px, svgTexts } from '../svg.js';
import { bitmap, type Levels, levelsOf } from './bitmap.js';
import { CHART, type View } from './chart.js';
import { stepAxis } from './draw-chart.js';
import { acrossOf } from './scales.js';

const MOST_LABELS = 6;
const MOST_LETTERS = 8;
/** Columns of a part of a picture. */
const PART_COLUMNS = 120;

export interface DrawnHeatMap {
  /** The address of the whole picture. */
  readonly picture: string;
  readonly rows: readonly string[];
  /** The steps that the whole picture is of. */
  readonly whole: Pick<View, 'from' | 'to'>;
}

/** Draws the part of a picture that is in view, with its rows and steps. */
export function drawHeatMap({ picture, rows, whole }: DrawnHeatMap, view: Pick<View, 'from' | 'to'>): string {
  const { width, height, left, right, top, bottom } = CHART;
  const across = acrossOf(view);
  const tall = height - top - bottom;
  const isWhole = view.from === whole.from && view.to === whole.to;
  const [from, to] = [Math.max(view.from, whole.from), Math.min(view.to, whole.to)];
  const [x, wide] =
    whole.from === whole.to ? [left, width - left - right] : [across(from), across(to) - across(from)];
  const part = isWhole ? picture : bitmap(within(levelsOf(picture), whole, { from, to }));
  const labels = svgTexts(
    'end',
    shownRows(rows.length).map((i) => {
      const y = height - bottom - ((i + 0.5) / rows.length) * tall;
      return [left - 5, y + 4, shortened(rows[i]!)];
    }),
  );
  const image =
    wide > 0
      ? `<image x="${px(x)}" y="${top}" width="${px(wide)}" height="${tall}" preserveAspectRatio="none" image-rendering="pixelated" href="${part}"/>`
      : '';
  return `${image}${stepAxis(view, across)}${labels}`;
}

/** The part between two steps, in columns of one width. */
function within(levels: Levels, whole: Pick<View, 'from' | 'to'>, part: Pick<View, 'from' | 'to'>): Levels {
  const columns = levels[0]?.length ?? 0;
  const places = Array.from({ length: PART_COLUMNS }, (_, k) => {
    const step = part.from + ((k + 0.5) / PART_COLUMNS) * (part.to - part.from);
    const share = (step - whole.from) / (whole.to - whole.from);
    return Math.max(0, Math.min(columns - 1, Math.floor(share * columns)));
  });
  return levels.map((row) => places.map((i) => row[i]!));
}

function shownRows(count: number): number[] {
  const every = Math.ceil(count / MOST_LABELS);
  const shown = Array.from({ length: Math.ceil(count / every) }, (_, i) => i * every);
  const last = count - 1;
  return shown.at(-1) === last ? shown : [...shown.filter((i) => last - i >= every / 2), last];
}

function shortened(name: string): string {
  const text = printable(name);
  return text.length > MOST_LETTERS ? `…${text.slice(1 - MOST_LETTERS)}` : text;
}
