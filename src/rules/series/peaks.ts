import type { MetricId } from '#metrics/ids.js';
import { hasRisen } from './recovery.js';
import type { RuleSeriesState } from './series-state.js';
import { finiteValue, finiteValues, type MetricValues, type References } from './values.js';

type Numbers = Partial<Record<MetricId, number>>;

/** So many judged steps in a row are no passing halt on the way down. */
const STEADY = 5;

/** The maxima of a series, of which a bound may be a share. */
export class Peaks {
  #peak: Numbers = {};
  /** Step 0; null where there was none, or nothing of it had a value. */
  #untrained: Numbers | null = null;
  /** Per metric, the level that a run has reached: see `reached`. */
  #level: Numbers = {};
  /** Per metric that has risen since step 0, the level from then on. */
  #trained: Numbers = {};
  /** Per metric that has not, the value it fell to last: a rise is one however often a run is saved. */
  #lowest: Numbers = {};
  /** And for how many steps it has been about there. */
  #steady: Numbers = {};
  /** Per metric, the lower of the last two values. */
  #lastTwo: Numbers = {};

  /** Per metric, the maximum over the judged steps. */
  get peak(): Readonly<Numbers> {
    return this.#peak;
  }

  get hasUntrained(): boolean {
    return this.#untrained !== null;
  }

  noteUntrained(values: MetricValues): void {
    const finite = finiteValues(values);
    this.#untrained = Object.keys(finite).length > 0 ? finite : null;
  }

  /** Takes the values of a judged step, beside those of the one before it. */
  add(values: MetricValues, previous: MetricValues): void {
    for (const id of Object.keys(values) as MetricId[]) {
      const value = finiteValue(values, id);
      if (value === null) continue;
      const before = finiteValue(previous, id);
      const peak = this.#peak[id];
      if (peak === undefined || value > peak) this.#peak[id] = value;
      const lasted = Math.min(value, this.#lastTwo[id] ?? Number.NEGATIVE_INFINITY);
      this.#level[id] = reached(this.#level[id], value, lasted);
      if (this.#trained[id] !== undefined) this.#trained[id] = reached(this.#trained[id], value, lasted);
      else if (this.#untrained !== null) this.#followUntrained(id, value, before, lasted);
      if (before !== null) this.#lastTwo[id] = Math.min(before, value);
    }
  }

  /** What bounds of a judged step with these values are shares of. */
  references(values: MetricValues): Pick<References, 'peak' | 'highest' | 'trained peak'> {
    return {
      peak: this.#peak,
      highest: this.#highest(),
      'trained peak': this.#untrained === null ? this.#level : { ...values, ...this.#trained },
    };
  }

  toJSON(): Pick<
    RuleSeriesState,
    'peak' | 'untrained' | 'level' | 'trainedPeak' | 'lowest' | 'steady' | 'lastTwo'
  > {
    const level = Object.fromEntries(
      Object.entries(this.#level).filter(([id, value]) => value !== this.#peak[id as MetricId]),
    );
    const others = {
      level,
      trainedPeak: this.#trained,
      lowest: this.#lowest,
      steady: this.#steady,
      lastTwo: this.#lastTwo,
    };
    return {
      peak: this.#peak,
      ...(this.#untrained === null ? {} : { untrained: this.#untrained }),
      ...Object.fromEntries(Object.entries(others).filter(([, numbers]) => Object.keys(numbers).length > 0)),
    };
  }

  static fromJSON({
    peak,
    untrained = {},
    level = peak,
    trainedPeak,
    lowest,
    steady,
    lastTwo,
  }: ReturnType<Peaks['toJSON']>): Peaks {
    const peaks = new Peaks();
    peaks.#peak = { ...peak };
    peaks.noteUntrained(untrained);
    peaks.#level = { ...peak, ...level };
    peaks.#trained = { ...trainedPeak };
    peaks.#lowest = { ...lowest };
    peaks.#steady = { ...steady };
    peaks.#lastTwo = { ...lastTwo };
    return peaks;
  }

  /** A metric counts as trained from its first rise on, or once it has stayed where it is: step 0 may be of a trained network. */
  #followUntrained(id: MetricId, value: number, before: number | null, lasted: number): void {
    const lowest = this.#lowest[id] ?? before ?? this.#untrained?.[id] ?? value;
    const isFalling = hasRisen(value, lowest);
    const steady = isFalling ? 0 : (this.#steady[id] ?? 0) + 1;
    if (hasRisen(lowest, value) || steady >= STEADY) {
      this.#trained[id] = reached(before ?? undefined, value, lasted);
      delete this.#lowest[id];
      delete this.#steady[id];
      return;
    }
    this.#lowest[id] = isFalling ? value : lowest;
    this.#steady[id] = steady;
  }

  #highest(): MetricValues {
    const highest = { ...this.#level };
    if (this.#untrained === null) return highest;
    for (const [id, value] of Object.entries(this.#untrained) as [MetricId, number][]) {
      highest[id] = Math.max(value, highest[id] ?? value);
    }
    return highest;
  }
}

/**
 * The level of a run after a value: at once no more than twice the level before, and more once three judged steps in a row
 * have it, so that one spike is not what everything after it is compared with.
 */
function reached(level: number | undefined, value: number, lasted: number): number {
  if (level === undefined) return value;
  return Math.max(level, lasted, Math.min(value, level + Math.abs(level)));
}
