import type { MetricId } from '#metrics/ids.js';
import type { TrendState } from './series-state.js';
import { finiteValues, type MetricValues } from './values.js';

/** One in so many judged steps, rounded down, is how far back a movement is looked for; one step at least. */
const SHARE = 10;

interface Mark {
  /** Which judged step it was, from 1 on. */
  readonly at: number;
  readonly values: MetricValues;
  /** Per metric, the maximum up to there. */
  readonly peak: MetricValues;
}

const NOTHING: Mark = { at: 0, values: {}, peak: {} };

/**
 * What a series was a while ago, which is where a movement is measured from: the step before, and where many steps are
 * judged a tenth to a fifth of them, so that a warm-up is one however often a run is saved.
 */
export class Trend {
  #count = 0;
  /** At most two, the newest first. */
  #marks: readonly Mark[] = [];

  /** Where movements of the step after those added are measured from. */
  get start(): Mark {
    const next = this.#count + 1;
    return this.#marks.find(({ at }) => next - at >= reach(next)) ?? this.#marks.at(-1) ?? NOTHING;
  }

  add(values: MetricValues, peak: Readonly<Partial<Record<MetricId, number>>>): void {
    this.#count++;
    const [newest] = this.#marks;
    if (newest !== undefined && this.#count - newest.at < reach(this.#count)) return;
    const mark = { at: this.#count, values, peak: { ...peak } };
    this.#marks = newest === undefined ? [mark] : [mark, newest];
  }

  toJSON(): TrendState {
    return {
      count: this.#count,
      marks: this.#marks.map(({ at, values, peak }) => ({
        at,
        values: finiteValues(values),
        peak: finiteValues(peak),
      })),
    };
  }

  static fromJSON({ count, marks }: TrendState): Trend {
    const trend = new Trend();
    trend.#count = count;
    trend.#marks = marks;
    return trend;
  }
}

function reach(steps: number): number {
  return Math.max(1, Math.floor(steps / SHARE));
}
