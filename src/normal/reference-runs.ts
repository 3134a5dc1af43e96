import { InputError } from '#errors.js';
import { METRIC_IDS, type MetricId } from '#metrics/ids.js';
import { curvesOf, type LeftOut, leaveOut, type MetricCurves, unitOfAll, valuesAt } from './left-out.js';
import { medianOfSorted, medianWithout } from './order.js';
import { FLOOR } from './scale.js';

/** A run of a reference: its values at its steps, ascending. */
export interface ReferenceRun {
  readonly run: string;
  readonly steps: readonly number[];
  /** Standard errors of metrics that were sampled. */
  readonly errors: Readonly<Partial<Record<MetricId, number>>>;
  /** null: no value at that step. */
  readonly metrics: Readonly<Partial<Record<MetricId, readonly (number | null)[]>>>;
}

/** In units of the spread: what arithmetic leaves open, so that a run of the reference is not outside of it. */
const TIE = 1e-9;

/** What judging needs of what `collapse calibrate` writes; one golden run has no level, and no band. */
export interface ReferenceRuns {
  readonly runs: readonly ReferenceRun[];
  readonly metrics: readonly MetricId[];
  /** A further run is outside with at most this probability. */
  readonly alpha: number | null;
}

/** What the reference says of one metric at a step. */
export interface MetricBand {
  /** The median of the runs, in the metric's unit. */
  readonly centre: number;
  /** The end on the bad side: beyond it at two judged steps in a row, a run is outside by this metric alone. null: not judged. */
  readonly bound: number | null;
  readonly badSide: BadSide | null;
}

/** How values of a metric count at a step. */
export interface BadSide {
  /** By run: how far a value is from the others of the run, in units of the metric's spread; above 0 where it is worse. */
  deviations(value: number): readonly number[];
  /** The bound that other metrics leave, whose squared deviations from the others of each run come to these sums. */
  boundBeside(squares: readonly number[]): number;
}

/**
 * The runs of a reference, each measured against the others. A run that is judged is compared with each of the n runs in
 * turn, both against the n − 1 others: it wins where it has been further away. In a tournament of n + 1 runs that are
 * exchangeable, at most 2k + 1 lose k times or less; so a further run of the recipe does with a probability of (2k + 1)/(n + 1)
 * at most, at whatever step one looks, for its largest distance only grows and those of the others do not change.
 */
export class PreparedRuns {
  readonly #runs: readonly ReferenceRun[];
  readonly #curves: readonly MetricCurves[];
  readonly #leftOut: readonly LeftOut[];
  /** As many of the runs may deviate as far as one that is outside. */
  readonly #mayLose: number;
  /** Every step of every run, ascending. */
  readonly grid: readonly number[];

  /** @throws InputError E224 for what is no reference. */
  constructor(reference: ReferenceRuns) {
    const { runs, metrics, alpha } = checked(reference);
    this.#runs = runs;
    this.grid = gridOf(runs);
    this.#curves = METRIC_IDS.filter((id) => metrics.includes(id)).map((id) => curvesOf(id, runs));
    this.#mayLose = alpha === null ? -1 : mostLost(runs.length, alpha);
    this.#leftOut = this.#mayLose < 0 ? [] : leaveOut(runs, this.#curves, this.grid);
  }

  get metrics(): readonly MetricId[] {
    return this.#curves.map(({ id }) => id);
  }

  /** Those that have a bad direction. */
  get judged(): readonly MetricId[] {
    return this.#curves.filter(({ scale }) => scale.isJudged).map(({ id }) => id);
  }

  /** The number of runs. */
  get count(): number {
    return this.#runs.length;
  }

  /** The last step that all runs have reached. */
  get lastStep(): number {
    return this.#runs.reduce(
      (least, { steps }) => Math.min(least, steps.at(-1) ?? 0),
      Number.POSITIVE_INFINITY,
    );
  }

  /** The first step that all runs have. */
  get firstStep(): number {
    return this.#runs.reduce((most, { steps }) => Math.max(most, steps[0] ?? 0), 0);
  }

  /** Finds what the reference says of each metric at a step; a metric that a run lacks there is absent. */
  bandsAt(step: number): Map<MetricId, MetricBand> {
    const bands = new Map<MetricId, MetricBand>();
    for (const [m, curves] of this.#curves.entries()) {
      const values = valuesAt(this.#runs, curves, step);
      if (values === null) continue;
      const { scale, id } = curves;
      const sorted = [...values].sort((a, b) => a - b);
      const centre = scale.from(medianOfSorted(sorted));
      if (!scale.isJudged || this.#leftOut.length === 0) {
        bands.set(id, { centre, bound: null, badSide: null });
        continue;
      }
      const centres = values.map((value) => medianWithout(sorted, sorted.indexOf(value)));
      const boundBeside = (squares: readonly number[]) => {
        const bounds = this.#leftOut.map(({ units, furthest }, i) => {
          const left = Math.sqrt(Math.max(0, furthest ** 2 - squares[i]!));
          return centres[i]! + left * units[m]!;
        });
        return scale.from(bounds.sort((a, b) => b - a)[this.#mayLose]!);
      };
      const deviations = (value: number) => {
        const y = scale.to(value);
        return this.#leftOut.map(({ units }, i) => (y - centres[i]!) / units[m]!);
      };
      const bound = boundBeside(this.#leftOut.map(() => 0));
      bands.set(id, { centre, bound, badSide: { deviations, boundBeside } });
    }
    return bands;
  }

  /** Counts the runs that are no less far from their others than a run of these squared distances from them. */
  unbeaten(squares: readonly number[]): number {
    const isBeaten = ({ furthest }: LeftOut, i: number) => Math.sqrt(squares[i]!) - furthest > TIE;
    return this.count - this.#leftOut.filter(isBeaten).length;
  }

  /** The smallest level at which a run is outside that has been further away than all but `unbeaten` of the runs. */
  levelOf(unbeaten: number): number {
    return Math.min(1, (1 + 2 * unbeaten) / (this.count + 1));
  }

  /** How many of the runs one that is outside may leave unbeaten. */
  get mayLose(): number {
    return this.#mayLose;
  }

  /** Measures how far two of the runs are apart on the metric's scale, as a standard deviation; `FLOOR` of one run. */
  spreadOf(id: MetricId): number {
    const curves = this.#curves.find((own) => own.id === id);
    return curves === undefined ? FLOOR : unitOfAll(this.#runs, curves, this.grid);
  }
}

/** The number of runs that one which is outside at this level may leave unbeaten; negative: n runs cannot keep the level. */
export function mostLost(runs: number, alpha: number): number {
  // A level of 1/(n + 1) that was computed is not taken for less.
  return Math.floor((alpha * (runs + 1) * (1 + 1e-12) - 1) / 2);
}

/** The number of runs that it takes to keep a level. */
export function runsFor(alpha: number): number {
  return Math.max(2, Math.ceil((1 / alpha) * (1 - 1e-12)) - 1);
}

function checked(reference: ReferenceRuns): ReferenceRuns {
  const { runs, metrics, alpha } = Object(reference) as ReferenceRuns;
  const isLevel = alpha === null || (alpha > 0 && alpha < 1);
  if (isLevel && Array.isArray(metrics) && Array.isArray(runs) && runs.length > 0) return reference;
  throw new InputError(
    'E224',
    'a reference has runs, metrics and alpha, as `collapse calibrate` writes them',
  );
}

function gridOf(runs: readonly ReferenceRun[]): readonly number[] {
  return [...new Set(runs.flatMap(({ steps }) => steps))].sort((a, b) => a - b);
}
