import type { MetricId } from '#metrics/ids.js';

/** What rules see of a step: a number per metric; null or absent where there is none. */
export type MetricValues = Readonly<Partial<Record<MetricId, number | null>>>;

/** Why a metric has no value at a step, in words. */
export type MetricReasons = Readonly<Partial<Record<MetricId, string>>>;

/** The values a relative bound can be taken of. NaN, null and absent mean that there is none. */
export interface References {
  /** The first judged step's values, a supplied initial distance in its place. */
  readonly baseline: MetricValues;
  /** The last judged step before this one. */
  readonly previous: MetricValues;
  /** Per metric, the maximum over the earlier judged steps and this one. */
  readonly peak: MetricValues;
  /** The values of the judged step that movements are measured from: the one before, or one longer ago (`Trend`). */
  readonly earlier: MetricValues;
  /** Per metric, the maximum up to there. */
  readonly earlierPeak: MetricValues;
  /** Per metric, the highest level that the run has reached, no spike, or what step 0 had, which is not judged. */
  readonly highest: MetricValues;
  /**
   * The level, but where there was a step 0 only from the first step on that rose by more than a twentieth; before that,
   * this step's value: what has only fallen since step 0 may be leaving an untrained network's scale.
   */
  readonly 'trained peak': MetricValues;
  /** What a reference has at this step; absent without one. */
  readonly reference?: MetricValues | undefined;
  /** Why it has nothing. */
  readonly noReference?: string | undefined;
}

/**
 * Finds the value of `id` if there is a finite one: NaN, infinities, null and absent are all null. -0 is 0, as in JSON.
 */
export function finiteValue(values: MetricValues, id: MetricId): number | null {
  const value = values[id];
  return typeof value === 'number' && Number.isFinite(value) ? value + 0 : null;
}

/** Keeps only the finite values: what a series remembers of a step. */
export function finiteValues(values: MetricValues): Partial<Record<MetricId, number>> {
  const kept: Partial<Record<MetricId, number>> = {};
  for (const id of Object.keys(values) as MetricId[]) {
    const value = finiteValue(values, id);
    if (value !== null) kept[id] = value;
  }
  return kept;
}
