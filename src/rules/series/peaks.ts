import type { MetricId } from '#metrics/ids.js';
import { hasRisen } from './recovery.js';
import type { RuleSeriesState } from './series-state.js';
import { finiteValue, finiteValues, type MetricValues, type References } from './values.js';

type Numbers = Partial<Record<MetricId, number>>;

/** The maxima of a series, of which a bound may be a share. */
export class Peaks {
  #peak: Numbers = {};
  /** Step 0; null where there was none, or nothing of it had a value. */
  #untrained: Numbers | null = null;
  /** Per metric that has risen since step 0, the maximum from then on. */
  #trained: Numbers = {};

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
      if (!(value <= this.#peak[id]!)) this.#peak[id] = value;
      if (this.#trained[id] !== undefined || this.#risesAt(id, value, previous)) {
        this.#trained[id] = Math.max(this.#trained[id] ?? value, value);
      }
    }
  }

  /** What bounds of a judged step with these values are shares of. */
  references(values: MetricValues): Pick<References, 'peak' | 'highest' | 'trained peak'> {
    return {
      peak: this.#peak,
      highest: this.#highest(),
      'trained peak': this.#untrained === null ? this.#peak : { ...values, ...this.#trained },
    };
  }

  toJSON(): Pick<RuleSeriesState, 'peak' | 'untrained' | 'trainedPeak'> {
    return {
      peak: this.#peak,
      ...(this.#untrained === null ? {} : { untrained: this.#untrained }),
      ...(Object.keys(this.#trained).length === 0 ? {} : { trainedPeak: this.#trained }),
    };
  }

  static fromJSON({ peak, untrained = {}, trainedPeak }: ReturnType<Peaks['toJSON']>): Peaks {
    const peaks = new Peaks();
    peaks.#peak = { ...peak };
    peaks.noteUntrained(untrained);
    peaks.#trained = { ...trainedPeak };
    return peaks;
  }

  #risesAt(id: MetricId, value: number, previous: MetricValues): boolean {
    if (this.#untrained === null) return false;
    const before = finiteValue(previous, id) ?? this.#untrained[id];
    return before !== undefined && hasRisen(before, value);
  }

  #highest(): MetricValues {
    if (this.#untrained === null) return this.#peak;
    const highest = { ...this.#peak };
    for (const [id, value] of Object.entries(this.#untrained) as [MetricId, number][]) {
      highest[id] = Math.max(value, highest[id] ?? value);
    }
    return highest;
  }
}
