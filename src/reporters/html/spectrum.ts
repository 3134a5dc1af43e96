import type { ReportRun, ReportSpectra, ReportStep } from '#report/types.js';
import { alertSpans, worstSpansFirst } from '../view/alert-spans.js';
import { formatNumber } from '../view/format-number.js';
import { stepName } from '../view/step-text.js';
import { xmlText } from '../view/xml-text.js';
import { legendKey, px as round, svgOpen, svgText } from './svg.js';

const CHART = { width: 360, height: 190, left: 48, right: 8, top: 10, bottom: 30 } as const;
/** Below this an eye sees none of the variance. */
const SMALLEST = 1e-8;
const MOST_LABELS = 5;
const NEARLY_ALL = 0.99;

/** Solid, dashed and dotted, so that no colour is needed to tell them apart. */
const CURVES = [
  { of: 'isotropic', name: 'N(0, I)', paint: 'class="baseline" stroke="#666" stroke-dasharray="1 4"' },
  {
    of: 'target',
    name: 'target',
    paint: 'class="target" stroke="#0b6b50" stroke-width="1.5" stroke-dasharray="6 3"',
  },
  { of: 'prediction', name: 'prediction', paint: 'class="line" stroke="#0060a8" stroke-width="1.5"' },
] as const;

const LEGEND = CURVES.map(({ name, paint }) =>
  legendKey(`<path ${paint} fill="none" d="M1 5H27"/>`, name),
).join(' ');

type Spectral = ReportStep & { readonly spectra: ReportSpectra };

/**
 * The share of the variance in each principal direction, at the steps that say most of a run and, folded, at some of
 * the others, `most` of them together; '' where no step has spectra. All are drawn to one scale.
 */
export function spectrumSection(run: ReportRun, most: number): string {
  const known = run.steps.filter((step): step is Spectral => step.spectra !== undefined);
  const chosen = tellingSteps(run, known, most);
  if (chosen.size === 0) return '';
  const more = spread(
    known.filter((step) => !chosen.has(step)),
    most - chosen.size,
  );
  const floor = floorOf([...chosen.keys(), ...more]);
  const first = [...chosen].map(([step, why]) => figure(step, why, floor)).join('\n');
  const rest = more.map((step) => figure(step, '', floor)).join('\n');
  const others =
    rest === ''
      ? ''
      : `<details><summary>Spectra of other steps</summary><div class="charts">\n${rest}\n</div></details>`;
  return `<h3>Spectrum</h3>
<p class="dim">The share of the variance in each principal direction of the centred embeddings, largest first: a curve that falls off early is a dimensional collapse. N(0, I) is what isotropic rows of the same number would show (Marchenko–Pastur).</p>
<p class="legend">${LEGEND}</p>
<div class="charts">
${first}
</div>${others}`;
}

/** The newest step, the first of the worst failure, and the first judged; where there is no room for all, in this order. */
function tellingSteps(run: ReportRun, known: readonly Spectral[], most: number): Map<Spectral, string> {
  const [worst] = worstSpansFirst(alertSpans(run));
  const chosen = new Map<Spectral, string>();
  const add = (step: Spectral | undefined, why: string) => {
    if (step === undefined) return;
    const before = chosen.get(step);
    if (before === undefined && chosen.size >= most) return;
    chosen.set(step, before === undefined || before === '' ? why : `${why}, ${before}`);
  };
  const judged = known.filter((step) => step.judged);
  add(judged.at(-1) ?? known.at(-1), known.length === 1 ? '' : 'the newest');
  if (worst !== undefined) {
    add(
      known.find(({ step }) => step === worst.first),
      `where ${worst.criterion} first failed`,
    );
  }
  if (known.length > 1) add(judged[0] ?? known[0], judged.length > 0 ? 'the first judged' : 'the first');
  return new Map([...chosen].sort(([a], [b]) => (a.step ?? 0) - (b.step ?? 0)));
}

function spread<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => items[Math.floor(((i + 0.5) * items.length) / most)] as T);
}

function floorOf(steps: readonly Spectral[]): number {
  let floor = 1;
  for (const { spectra } of steps) {
    for (const { of } of CURVES) {
      for (const share of spectra[of] ?? []) if (share > 0 && share < floor) floor = share;
    }
  }
  return Math.max(SMALLEST, 10 ** Math.floor(Math.log10(floor)));
}

function figure(step: Spectral, why: string, floor: number): string {
  const { spectra } = step;
  const missing = (['prediction', 'target'] as const).filter(
    (role) => spectra[role] === undefined && (role === 'prediction' || step.inputs.target !== undefined),
  );
  const facts = (['prediction', 'target'] as const).flatMap((role) => {
    const shares = spectra[role];
    return shares === undefined ? [] : [`${role}: ${concentration(shares, spectra.ranks)}`];
  });
  const lines = [...facts, ...missing.map((role) => `${role}: all rows are the same, no spectrum`)];
  const head = `<b>${capital(stepName(step.step))}</b> <span class="dim">${xmlText(why)}</span>`;
  const said = lines.map((line) => `<br>${xmlText(line)}`).join('');
  return `<figure class="spectrum"><figcaption>${head}${said}</figcaption>${chart(step, floor, lines)}</figure>`;
}

function chart({ step, spectra }: Spectral, floor: number, facts: readonly string[]): string {
  const { width, height, left, right, top, bottom } = CHART;
  const { ranks } = spectra;
  const last = ranks.at(-1) ?? 1;
  // Ranks that were thinned are spaced by ratio.
  const isThinned = last > ranks.length;
  const along = (rank: number) => {
    if (last === 1) return 0.5;
    return isThinned ? Math.log(rank) / Math.log(last) : (rank - 1) / (last - 1);
  };
  const px = (rank: number) => left + along(rank) * (width - left - right);
  const py = (share: number) => top + (Math.log10(share) / Math.log10(floor)) * (height - top - bottom);
  const curves = CURVES.map(({ of, paint }) => {
    const points = (spectra[of] ?? []).flatMap((share, i) =>
      share < floor ? [] : [`${round(px(ranks[i] ?? 1))} ${round(py(share))}`],
    );
    if (points.length === 0) return '';
    return `<path ${paint} fill="none" stroke-linecap="round" d="M${points[0]}h0L${points.slice(1).join('L') || points[0]}"/>`;
  });
  const label = `Spectrum of ${stepName(step)}: ${facts.join('; ')}`;
  const ends = [
    svgText(left, height - 16, 'start', '1'),
    last === 1 ? '' : svgText(width - right, height - 16, 'end', String(last)),
    svgText((left + width - right) / 2, height - 4, 'middle', isThinned ? 'rank (log)' : 'rank'),
  ];
  return `${svgOpen(CHART, label)}${decades(floor, py)}${curves.join('')}${ends.join('')}</svg>`;
}

function decades(floor: number, py: (share: number) => number): string {
  const { width, left, right } = CHART;
  const count = Math.round(-Math.log10(floor));
  const every = Math.ceil((count + 1) / MOST_LABELS);
  const parts: string[] = [];
  let lines = '';
  for (let i = 0; i <= count; i += every) {
    const y = py(10 ** -i);
    lines += `M${left} ${round(y)}H${width - right}`;
    parts.push(svgText(left - 6, y + 4, 'end', formatNumber(10 ** -i)));
  }
  return `<path class="axis" d="${lines}" fill="none" stroke="#ccc"/>${parts.join('')}`;
}

/** How few directions hold nearly all of the variance; of a thinned spectrum only the largest share is known. */
function concentration(shares: readonly number[], ranks: readonly number[]): string {
  const all = ranks.at(-1) ?? 0;
  if (all > ranks.length) return `${formatNumber((shares[0] ?? 0) * 100)} % in 1 of ${all} directions`;
  let sum = 0;
  const needed = shares.findIndex((share) => {
    sum += share;
    return sum >= NEARLY_ALL;
  });
  return `99 % in ${needed + 1} of ${all} directions`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
