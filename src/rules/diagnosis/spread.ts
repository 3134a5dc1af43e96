import type { CollapseKindId, MetricId } from '#metrics/ids.js';
import type { RuleAlert } from '../language/rule.js';
import { aloneMetric, type RunForm } from '../presets/rules-of-run.js';
import { finiteValue, type MetricValues } from '../series/values.js';

/** A tenth of the scale, as variance: positions that are this far apart are no point. */
const STILL_APART = 0.01;
/** Targets that keep so much of their variance, and of their rank, are alive beside a predictor that is not. */
const ALIVE = { variance: 0.05, rank: 0.5 } as const;
/** Training that goes well makes rows longer by less from one saved step to the next. */
const LEAP = 4;

/** How an encoder's outputs are spread at the last judged step of a run, beside what they have been. */
export class Spread {
  readonly #hasTarget: boolean;
  #variance: number | null = null;
  #rank: number | null = null;
  #length: number | null = null;
  #peakVariance = 0;
  #peakRank = 0;
  #widest = 0;
  /** The largest factor from one length to the next since directions were spread widest. */
  #leap = 1;

  constructor({ hasTarget }: RunForm) {
    this.#hasTarget = hasTarget;
  }

  add(values: MetricValues): void {
    this.#variance = this.varianceOf(values);
    this.#rank = this.#read(values, 'target_effective_rank_ratio');
    this.#peakVariance = Math.max(this.#peakVariance, this.#variance ?? 0);
    this.#peakRank = Math.max(this.#peakRank, this.#rank ?? 0);
    this.#addLength(this.#read(values, 'target_std_l2_normalized'));
  }

  varianceOf(values: MetricValues): number | null {
    return this.#read(values, 'target_var_per_dim');
  }

  /**
   * Tells whether the alerts of complete collapse say no more than those of another kind that alerts as well: the scale
   * that is gone was that of lost directions, or what is left of it is that of positions that are apart, or of targets that a
   * dead predictor misses; or rows point one way because all of them leapt the same way.
   */
  explains(complete: readonly RuleAlert[], found: readonly CollapseKindId[]): boolean {
    const rank = share(this.#rank, this.#peakRank);
    if (found.includes('dimensional collapse')) {
      const isOfRank = share(this.#variance, this.#peakVariance) > 0.5 * rank;
      const isOfLength = this.#leap > LEAP;
      if (
        complete.every(({ rule }) => (rule.ofScale ? isOfRank : isOfLength && rule.metric.endsWith('_cos')))
      )
        return true;
    }
    if (!complete.every(({ rule }) => rule.ofScale)) return false;
    const left = Math.min(...complete.map(({ rule, value, threshold }) => (value / threshold) * rule.factor));
    if (found.includes('positional collapse')) return left > STILL_APART;
    return found.includes('predictor collapse') && left > ALIVE.variance && rank > ALIVE.rank;
  }

  #addLength(directions: number | null): void {
    if (this.#variance === null || directions === null || directions <= 0) return;
    const length = Math.sqrt(this.#variance) / directions;
    if (directions > this.#widest) {
      this.#widest = directions;
      this.#leap = 1;
    } else if (this.#length !== null && this.#length > 0) {
      this.#leap = Math.max(this.#leap, length / this.#length);
    }
    this.#length = length;
  }

  #read(values: MetricValues, id: MetricId): number | null {
    return finiteValue(values, this.#hasTarget ? id : aloneMetric(id));
  }
}

/** NaN, which no comparison is true of, where one of them is missing. */
function share(value: number | null, peak: number): number {
  return value === null || peak === 0 ? Number.NaN : value / peak;
}
