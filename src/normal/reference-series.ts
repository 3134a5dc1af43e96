import type { MetricId } from '#metrics/ids.js';
import { finiteOrNull, firstAtOrAbove, shortened } from './curves.js';
import { type BadSide, type MetricBand, PreparedRuns, type ReferenceRuns } from './reference-runs.js';

/** One metric of a run against a reference at one step. */
export interface Compared extends Pick<MetricBand, 'centre' | 'bound'> {
  readonly id: MetricId;
  readonly value: number;
  /** How far the value is from the runs, in units of how far they are apart: above 0 where it is worse; null: not judged. */
  readonly deviation: number | null;
}

/** What a reference says of one step of a run. */
export interface ReferenceStep {
  readonly metrics: readonly Compared[];
  /** How many judged steps in a row, with this one, the run is further from the reference's runs than they ever are from the others. */
  readonly lasts: number;
  /** The fewest metrics by which it is, furthest first; none where it is not. */
  readonly by: readonly MetricId[];
  /** The value of the first of these up to which it would not be, the others being what they are; null where it is not. */
  readonly limit: number | null;
  /** Metrics of the reference that could not be compared, with the reason. */
  readonly notJudged: readonly { readonly metric: MetricId; readonly reason: string }[];
  /** Why nothing is compared at this step; null: it is. */
  readonly reason: string | null;
  /** True where only that this run is saved more often than those of the reference keeps it from being compared. */
  readonly isBetween: boolean;
  /** The smallest level at which the run would be outside by what it has shown until this step; 1 to begin with. */
  readonly p: number;
}

/** The fewest judged steps in a row that a deviation must last. */
export const LASTING = 2;

const BETWEEN = 'between two steps of the reference, and one was compared there';

/** A metric's part in how far a run is from those of a reference: by run of it, 0 where the value is none the worse. */
interface Part {
  readonly id: MetricId;
  readonly deviations: readonly number[];
  readonly badSide: BadSide;
}

/** Compares the judged steps of one run, ascending, with a reference. */
export class ReferenceSeries {
  /** The prepared runs: several series of one reference may share them. */
  readonly runs: PreparedRuns;
  readonly #left: ReadonlyMap<MetricId, string>;
  #before: readonly Part[] = [];
  #place = 0;
  #lasts = 0;
  #p = 1;

  /** @param left Metrics that the reference has no runs of here and that are listed as not judged, with the reason. */
  constructor(reference: PreparedRuns | ReferenceRuns, left: ReadonlyMap<MetricId, string> = new Map()) {
    this.runs = reference instanceof PreparedRuns ? reference : new PreparedRuns(reference);
    this.#left = left;
  }

  /** Compares the next step. A metric without a value, or that the reference lacks here, does not last from the step before. */
  next(step: number | null, values: Readonly<Partial<Record<MetricId, number | null>>>): ReferenceStep {
    const reason = this.#whyNot(step);
    if (reason !== null || step === null) {
      const nothing = { metrics: [], lasts: 0, by: [], limit: null, notJudged: [] };
      return { ...nothing, reason, isBetween: reason === BETWEEN, p: this.#p };
    }
    const bands = this.runs.bandsAt(step);
    const metrics: Compared[] = [];
    const notJudged = [...this.#left].map(([metric, why]) => ({ metric, reason: why }));
    const parts: Part[] = [];
    for (const id of this.runs.metrics) {
      const band = bands.get(id);
      const value = finiteOrNull(values[id]);
      if (band === undefined || value === null) {
        const side = value === null ? 'run' : 'reference';
        notJudged.push({ metric: id, reason: `the ${side} has no value` });
        continue;
      }
      const { centre, bound, badSide } = band;
      // As the reference keeps its own.
      const from = badSide?.deviations(shortened(value)) ?? [];
      const deviation = badSide === null ? null : from.reduce((least, x) => Math.min(least, x));
      metrics.push({ id, value, centre, bound, deviation });
      if (badSide !== null) parts.push({ id, deviations: from.map((x) => Math.max(0, x)), badSide });
    }
    const lasts = this.#lasting(parts);
    const by = lasts === 0 ? [] : fewestBeyond(parts, this.runs);
    const limit = by[0]?.badSide.boundBeside(squaresOf(by.slice(1), this.runs.count)) ?? null;
    const place = { reason: null, isBetween: false, p: this.#p };
    return { metrics, lasts, by: by.map(({ id }) => id), limit, notJudged, ...place };
  }

  #whyNot(step: number | null): string | null {
    if (step === null) return 'a step without a number has no place in a reference';
    const { firstStep, lastStep, grid } = this.runs;
    if (step < firstStep) return `the reference begins at step ${firstStep}`;
    if (step > lastStep) return `the reference ends at step ${lastStep}`;
    // Runs that are saved more often are compared as often as the reference's were.
    const above = firstAtOrAbove(grid, step);
    const place = grid[above] === step ? above + 1 : above;
    if (place === this.#place) return BETWEEN;
    this.#place = place;
    return null;
  }

  #lasting(parts: readonly Part[]): number {
    const { runs } = this;
    const before = new Map(this.#before.map(({ id, deviations }) => [id, deviations]));
    const lasting = parts.map((part) => {
      const then = before.get(part.id);
      return { ...part, deviations: part.deviations.map((x, i) => Math.min(x, then?.[i] ?? 0)) };
    });
    const unbeaten = runs.unbeaten(squaresOf(lasting, runs.count));
    this.#before = parts;
    this.#p = Math.min(this.#p, runs.levelOf(unbeaten));
    const isBeyond = runs.unbeaten(squaresOf(parts, runs.count)) <= runs.mayLose;
    const isLasting = unbeaten <= runs.mayLose;
    this.#lasts = isBeyond ? (isLasting ? Math.max(this.#lasts, 1) + 1 : 1) : 0;
    return this.#lasts;
  }
}

/** By run of the reference, the sum of the squared deviations. */
function squaresOf(parts: readonly Part[], runs: number): number[] {
  const squares = Array<number>(runs).fill(0);
  for (const { deviations } of parts) for (const [i, x] of deviations.entries()) squares[i]! += x * x;
  return squares;
}

/** The fewest parts, largest first, that come to more than the runs of the reference do. */
function fewestBeyond(parts: readonly Part[], runs: PreparedRuns): Part[] {
  const size = ({ deviations }: Part) => deviations.reduce((least, x) => Math.min(least, x));
  const sorted = [...parts].sort((a, b) => size(b) - size(a));
  const isEnough = (_: Part, i: number) =>
    runs.unbeaten(squaresOf(sorted.slice(0, i + 1), runs.count)) <= runs.mayLose;
  return sorted.slice(0, sorted.findIndex(isEnough) + 1);
}
