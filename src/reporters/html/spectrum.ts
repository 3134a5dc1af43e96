import type { ReportRun, ReportSpectra, ReportStep } from '#report/types.js';
import { formatNumber } from '../view/format-number.js';
import { stepName } from '../view/step-text.js';
import { spreadSteps, tellingSteps } from '../view/telling-steps.js';
import { xmlText } from '../view/xml-text.js';
import { shadeAt } from './draw/shades.js';
import { logTicks } from './draw/ticks.js';
import { heatFigure } from './heat-map.js';
import { lineThrough, px as round, svgOpen, svgText, svgTexts } from './svg.js';

const CHART = { width: 360, height: 190, left: 48, right: 12, top: 10, bottom: 30 } as const;
/** Below this an eye sees none of the variance. */
const SMALLEST = 1e-8;
/** Ranks that are drawn closer than this are one point. */
const CLOSE = 2.5;
const NEARLY_ALL = 0.99;
const ROLES = ['prediction', 'target'] as const;
type Role = (typeof ROLES)[number];

type Spectral = ReportStep & { readonly spectra: ReportSpectra };

/**
 * The share of the variance in each principal direction, of at most `most` steps in one plot a role, from light to dark with
 * the step, and of all steps as a picture of ranks by steps (with
 * `hasAll`); '' where no step has spectra.
 */
export function spectrumSection(run: ReportRun, most: number, hasAll: boolean): string {
  const known = run.steps.filter((step): step is Spectral => step.spectra !== undefined);
  const steps = spreadSteps(run, known, most);
  if (steps.length === 0) return '';
  const floor = floorOf(steps);
  const roles = ROLES.filter((role) => steps.some(({ spectra }) => spectra[role] !== undefined));
  const plots = roles.map((role) => plot(role, steps, floor));
  const maps = hasAll && known.length > 2 ? roles.map((role) => map(role, known)) : [];
  const said = [...tellingSteps(run, known, most)].map(([step, why]) => sentence(step, why));
  return `<h3>Spectrum</h3>
<p class="dim">The share of the variance in each principal direction of the centred embeddings, largest first: a curve that falls off early is a dimensional collapse. Dotted is N(0, I): what isotropic rows of the same number would show (Marchenko–Pastur).</p>
<ul class="said">${said.map((text) => `<li>${text}</li>`).join('')}</ul>
<div class="charts">
${[...plots, ...maps].join('\n')}
</div>`;
}

/** What the rows are called: embeddings alone are nobody's prediction. */
function nameOf(role: Role, steps: readonly Spectral[]): string {
  const isAlone = steps.every(({ inputs }) => inputs.target === undefined);
  return role === 'prediction' && isAlone ? 'embeddings' : role;
}

/** Says of a step what a person can take along: 'one direction of 64 holds 53 % of the target's variance'. */
function sentence(step: Spectral, why: string): string {
  const { spectra, inputs } = step;
  const parts = ROLES.flatMap((role) => {
    const shares = spectra[role];
    if (shares !== undefined) return [`${nameOf(role, [step])}: ${concentration(shares, spectra.ranks)}`];
    const isMissing = role === 'prediction' ? inputs.prediction !== undefined : inputs.target !== undefined;
    return isMissing ? [`${nameOf(role, [step])}: all rows are the same, no spectrum`] : [];
  });
  const reason = why === '' ? '' : ` <span class="dim">(${xmlText(why)})</span>`;
  return `<b>${capital(stepName(step.step))}</b>${reason}: ${xmlText(parts.join('; '))}`;
}

/** How much the largest direction holds, and how few hold nearly all; of a thinned spectrum the first is all that is known. */
function concentration(shares: readonly number[], ranks: readonly number[]): string {
  const all = ranks.at(-1) ?? 0;
  const first = `one direction of ${all} holds ${percent(shares[0] ?? 0)}`;
  if (all > ranks.length) return first;
  let sum = 0;
  const needed = shares.findIndex((share) => {
    sum += share;
    return sum >= NEARLY_ALL;
  });
  return needed < 0 ? first : `${first}, ${needed + 1} of them 99 %`;
}

function percent(share: number): string {
  const size = share * 100;
  return `${size >= 10 && size < 99 ? Math.round(size) : Number(size.toPrecision(size < 10 ? 2 : 3))} %`;
}

function floorOf(steps: readonly Spectral[]): number {
  let floor = 1;
  for (const { spectra } of steps) {
    for (const of of [...ROLES, 'isotropic'] as const) {
      for (const share of spectra[of] ?? []) if (share > 0 && share < floor) floor = share;
    }
  }
  return Math.max(SMALLEST, 10 ** Math.floor(Math.log10(floor)));
}

function plot(role: Role, steps: readonly Spectral[], floor: number): string {
  const { width, height, left, right, top, bottom } = CHART;
  const shown = steps.filter(({ spectra }) => spectra[role] !== undefined);
  const newest = shown.at(-1)!;
  const last = newest.spectra.ranks.at(-1) ?? 1;
  // Ranks that were thinned are spaced by ratio.
  const isThinned = last > newest.spectra.ranks.length;
  const along = (rank: number) => {
    if (last === 1) return 0.5;
    return isThinned ? Math.log(rank) / Math.log(last) : (rank - 1) / (last - 1);
  };
  const px = (rank: number) => left + along(rank) * (width - left - right);
  const py = (share: number) => top + (Math.log10(share) / Math.log10(floor)) * (height - top - bottom);
  const path = (shares: readonly number[], ranks: readonly number[]) => {
    const points = shares.flatMap((share, i) =>
      share < floor ? [] : [[px(ranks[i] ?? 1), py(share)] as const],
    );
    return lineThrough(clearOf(points));
  };
  const isotropic = `<path class="baseline" stroke="#666" stroke-dasharray="1 4" fill="none" d="${path(newest.spectra.isotropic, newest.spectra.ranks)}"/>`;
  const curves = shown.map(({ step, spectra }, i) => {
    const { name, colour } = shadeAt(shown.length === 1 ? 1 : i / (shown.length - 1));
    const facts = `data-step="${step ?? ''}" data-said="${xmlText(concentration(spectra[role]!, spectra.ranks))}"`;
    return `<path class="curve ${name}" ${facts} stroke="${colour}" stroke-width="1.4" fill="none" stroke-linecap="round" d="${path(spectra[role]!, spectra.ranks)}"/>`;
  });
  const ends = [
    svgText(left, height - 16, 'start', '1'),
    last === 1 ? '' : svgText(width - right, height - 16, 'end', String(last)),
    svgText((left + width - right) / 2, height - 4, 'middle', isThinned ? 'rank (log)' : 'rank'),
  ];
  const [first] = shown;
  const names =
    shown.length === 1
      ? stepName(newest.step)
      : `${stepName(first!.step)} (faint) to ${newest.step ?? ''} (strong)`;
  const shownName = nameOf(role, steps);
  const label = `Spectra of the ${shownName}, ${names}: ${concentration(newest.spectra[role]!, newest.spectra.ranks)} at the last`;
  return `<figure class="spectrum" data-role="${role}"><figcaption><b>${shownName}</b><br><span class="dim">${xmlText(names)}</span></figcaption>${svgOpen(CHART, label)}${decades(floor, py)}${isotropic}${curves.join('')}${ends.join('')}</svg></figure>`;
}

/** Leaves out points that are hardly to the right of the one before; the last stays. */
function clearOf(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  let free = Number.NEGATIVE_INFINITY;
  return points.filter(([x], i) => {
    if (x < free && i < points.length - 1) return false;
    free = x + CLOSE;
    return true;
  });
}

function decades(floor: number, py: (share: number) => number): string {
  const { width, left, right } = CHART;
  const ticks = logTicks(floor, 1, 5);
  const lines = ticks.map((share) => `M${left} ${round(py(share))}H${width - right}`).join('');
  const labels = svgTexts(
    'end',
    ticks.map((share) => [left - 6, py(share) + 4, formatNumber(share)]),
  );
  return `<path class="axis" d="${lines}" fill="none" stroke="#ccc"/>${labels}`;
}

/** The shares of all steps by rank, the largest at the foot. */
function map(role: Role, known: readonly Spectral[]): string {
  const steps = known.filter(({ spectra }) => spectra[role] !== undefined);
  const ranks = steps.at(-1)?.spectra.ranks ?? [];
  const values = ranks.map((rank, i) =>
    steps.map(({ spectra }) => {
      const share = spectra.ranks[i] === rank ? spectra[role]?.[i] : undefined;
      return share === undefined || share < SMALLEST ? null : share;
    }),
  );
  return heatFigure({
    title: `spectrum of the ${nameOf(role, known)}`,
    rowName: 'rank',
    rows: ranks.map(String),
    steps: steps.map(({ step }, i) => step ?? i),
    values,
  });
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
