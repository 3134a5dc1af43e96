import type { ReportRun, ReportStep } from '#report/types.js';
import { printable } from '../view/printable.js';
import { spreadSteps, tellingSteps } from '../view/telling-steps.js';
import { xmlText } from '../view/xml-text.js';
import { colourAt } from './draw/bitmap.js';
import { jsonAttribute } from './draw/chart-text.js';
import { drawPairs, pairWords } from './draw/pairs.js';
import {
  type Cloud,
  type Clouds,
  cloudWords,
  drawCloud,
  labelPaint,
  PLANE,
  pointsFrom,
  pointsText,
} from './draw/points.js';
import { type Points, turned, turnOnto } from './draw/turn.js';
import { legendKey, svgOpen } from './svg.js';

type Projected = ReportStep & { readonly projection: NonNullable<ReportStep['projection']> };

const MOST_KINDS = 8;
/** Rows of a step, of few runs and of many. */
const MOST_ROWS = { few: 200, many: 60 };

/**
 * The rows of at most `most` steps in the plane of their first two principal components, each step turned onto the one
 * before; '' where no step has them. The first and the last stand in the
 * page (without `hasAll` the last), and the script moves the last through the others.
 */
export function embeddingSection(run: ReportRun, most: number, hasAll: boolean): string {
  const known = run.steps.filter((step): step is Projected => step.projection !== undefined);
  const steps = spreadSteps(run, known, most);
  if (steps.length === 0) return '';
  const clouds = cloudsOf(steps, tellingSteps(run, known, most), hasAll);
  const reach = Math.max(...clouds.steps.map(({ scale }) => scale));
  const last = clouds.steps.length - 1;
  const figures = [...new Set(hasAll ? [0, last] : [last])].map((i) => {
    const words = cloudWords(clouds.steps[i]!);
    const moves = i === last && last > 0 ? ' class="cloud moving"' : ' class="cloud"';
    return `<figure${moves} data-at="${i}"><figcaption><b>${xmlText(words)}</b></figcaption>${svgOpen(PLANE, `Rows in a plane, ${words}`)}<g class="plot">${drawCloud(clouds, i, reach, hasAll)}</g></svg></figure>`;
  });
  const rows = pointsFrom(clouds.steps.at(-1)!.target, 1).length / 2;
  const isPair = clouds.steps.some(({ prediction }) => prediction !== undefined);
  const what = isPair ? 'Dots are targets, crosses predictions, a line joins each pair. ' : '';
  return `<h3>Embeddings</h3>
<p class="dim">${rows} rows in the plane of the first two principal components${isPair ? ' of the target' : ''}, all steps to one scale and each turned onto the one before (orthogonal Procrustes). ${what}A point where a cloud was is a complete collapse, a line a dimensional one.${clouds.steps.at(-1)!.pairs === undefined ? '' : ` Squares are the cosines of all pairs of some of the rows${clouds.labels.length > 0 ? ', in the order of their labels' : ''}: all light where every row points one way.`}</p>
${legend(clouds)}
<div class="charts clouds" data-clouds='${jsonAttribute(JSON.stringify(clouds))}'>
${[...figures, ...pairFigures(clouds, isPair)].join('\n')}
</div>`;
}

/** The cosines of all pairs of rows of the last step, a picture a role, which the script moves through the steps too. */
function pairFigures({ steps }: Clouds, isPair: boolean): string[] {
  const last = steps.at(-1)!;
  const { pairs } = last;
  if (pairs === undefined) return [];
  const bar = Array.from({ length: 8 }, (_, i) => `<i style="background:${colourAt(i / 7)}"></i>`).join('');
  return (['target', 'prediction'] as const).flatMap((role) => {
    const text = pairs[role];
    if (text === undefined) return [];
    const words = pairWords(text, last.step);
    const title = `pairs of the ${isPair ? role : 'embeddings'}`;
    const label = `Cosines of ${title}, ${words}`;
    return `<figure class="pairs" data-role="${role}"><figcaption><b>${title}</b> <span class="dim said-of-pairs">${xmlText(words)}</span><br><span class="scale">-1 <span class="bar" aria-hidden="true">${bar}</span> 1</span></figcaption>${svgOpen(PLANE, label)}<g class="plot">${drawPairs(text, pairs.rows)}</g></svg></figure>`;
  });
}

function cloudsOf(
  steps: readonly Projected[],
  why: ReadonlyMap<ReportStep, string>,
  hasPairs: boolean,
): Clouds {
  const mostRows = hasPairs ? MOST_ROWS.few : MOST_ROWS.many;
  const all = steps.flatMap(({ projection }) => projection.labels ?? []);
  const distinct = [...new Set(all)];
  const isNumeric = distinct.every((label) => label !== '' && Number.isFinite(Number(label)));
  const isOrdered = isNumeric && distinct.length > MOST_KINDS;
  const isPainted = distinct.length > 0 && (isOrdered || distinct.length <= MOST_KINDS);
  const names = distinct.sort((a, b) => (isNumeric ? Number(a) - Number(b) : a < b ? -1 : 1));
  const places = new Map(names.map((name, i) => [name, i]));
  let before: Points | null = null;
  let labelled = '';
  const clouds = steps.map((step): Cloud => {
    const { share, scale, target, prediction, labels, cosines } = step.projection;
    const points = pointsFrom(target, scale);
    const isSame = before !== null && before.length === points.length;
    const turn = isSame ? turnOnto(points, before!) : { a: 1, b: 0, c: 0, d: 1 };
    const own = turned(points, turn);
    const other = prediction === undefined ? null : turned(pointsFrom(prediction, scale), turn);
    // Nothing can be turned onto a point.
    if (scale > 0) before = own;
    const every = Math.ceil(points.length / 2 / mostRows);
    const [shown, predicted] = [own, other].map((all) => all?.filter((_, i) => (i >> 1) % every === 0));
    const size = [...shown!, ...(predicted ?? [])].reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const kinds = isPainted ? (labels ?? []).filter((_, i) => i % every === 0) : [];
    const isNew = String(kinds) !== labelled;
    labelled = String(kinds);
    return {
      step: step.step,
      why: why.get(step) ?? '',
      share: share[0] + share[1],
      scale: size,
      target: pointsText(shown!, size),
      ...(predicted === undefined ? {} : { prediction: pointsText(predicted, size) }),
      ...(hasPairs && cosines !== undefined ? { pairs: cosines } : {}),
      ...(isNew ? { labels: kinds.map((label) => places.get(label)!) } : {}),
    };
  });
  return { steps: clouds, labels: isPainted ? names.map((name) => printable(String(name))) : [], isOrdered };
}

function legend(clouds: Clouds): string {
  const { labels, isOrdered } = clouds;
  if (labels.length === 0) return '';
  const shown = isOrdered ? [0, labels.length - 1] : [...labels.keys()];
  const keys = shown.map((i) => {
    const { name, colour } = labelPaint(clouds, i);
    const mark = `<path class="${name}" stroke="${colour}" stroke-width="7" stroke-linecap="round" d="M14 5h0"/>`;
    return legendKey(mark, `<bdi>${xmlText(labels[i]!)}</bdi>`);
  });
  return `<p class="legend">${keys.join(isOrdered ? ' to ' : ' ')}</p>`;
}
