import type { MetricId } from '#metrics/ids.js';
import { finiteOrNull, firstAtOrAbove, shortened } from './curves.js';
import { type MetricBand, PreparedRuns, type ReferenceRuns } from './reference-runs.js';

/** One metric of a run against a reference at one step. */
export interface Compared extends Pick<MetricBand, 'centre' | 'bound'> {
  readonly id: MetricId;
  /** null: the run has none. */
  readonly value: number | null;
  /** How many judged steps in a row, with this one, it deviates further than the reference's runs do. */
  readonly lasts: number;
}

/** What a reference says of one step of a run. */
export interface ReferenceStep {
  readonly metrics: readonly Compared[];
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

/** In units of the spread: what arithmetic leaves open, so that a run of the reference is not outside of it. */
const TIE = 1e-9;

/** Compares the judged steps of one run, ascending, with a reference. */
export class ReferenceSeries {
  /** The prepared runs: several series of one reference may share them. */
  readonly runs: PreparedRuns;
  readonly #left: ReadonlyMap<MetricId, string>;
  readonly #before = new Map<MetricId, { readonly excess: readonly number[]; readonly lasts: number }>();
  #place = 0;
  #p = 1;

  /** @param left Metrics that are not to be judged, with the reason. */
  constructor(reference: PreparedRuns | ReferenceRuns, left: ReadonlyMap<MetricId, string> = new Map()) {
    this.runs = reference instanceof PreparedRuns ? reference : new PreparedRuns(reference);
    this.#left = left;
  }

  /** Compares the next step. A metric without a value, or that the reference lacks here, breaks its row of steps. */
  next(step: number | null, values: Readonly<Partial<Record<MetricId, number | null>>>): ReferenceStep {
    const reason = this.#whyNot(step);
    if (reason !== null || step === null) {
      return { metrics: [], notJudged: [], reason, isBetween: reason === BETWEEN, p: this.#p };
    }
    const bands = this.runs.bandsAt(step);
    const metrics: Compared[] = [];
    const notJudged: { metric: MetricId; reason: string }[] = [];
    for (const id of this.runs.metrics) {
      const band = bands.get(id);
      const value = finiteOrNull(values[id]);
      const left = this.#left.get(id);
      if (band === undefined || value === null || left !== undefined) {
        this.#before.delete(id);
        const why = left ?? (value === null ? 'the run has no value' : 'the reference has no value');
        notJudged.push({ metric: id, reason: why });
        continue;
      }
      // As the reference keeps its own.
      const lasts = this.#lasting(id, band.excess?.(shortened(value)) ?? null);
      metrics.push({ id, value, centre: band.centre, bound: band.bound, lasts });
    }
    return { metrics, notJudged, reason: null, isBetween: false, p: this.#p };
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

  #lasting(id: MetricId, excess: readonly number[] | null): number {
    if (excess === null) return 0;
    const before = this.#before.get(id);
    const lasting = before === undefined ? [] : excess.map((x, i) => Math.min(x, before.excess[i]!));
    const unbeaten = lasting.filter((x) => !(x > TIE)).length;
    if (before !== undefined) this.#p = Math.min(this.#p, this.runs.levelOf(unbeaten));
    const isBeyond = excess.filter((x) => !(x > TIE)).length <= this.runs.mayLose;
    const isLasting = before !== undefined && unbeaten <= this.runs.mayLose;
    const lasts = isBeyond ? (isLasting ? Math.max(before.lasts, 1) + 1 : 1) : 0;
    this.#before.set(id, { excess, lasts });
    return lasts;
  }
}
