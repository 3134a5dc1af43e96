import type { MetricId } from '#metrics/ids.js';

/** One run's values, metric by metric, at its steps, ascending; null where there is none. */
export interface RunCurves {
  readonly steps: readonly number[];
  readonly metrics: Readonly<Partial<Record<MetricId, readonly (number | null)[]>>>;
}

/** Returns the value if it is a finite number; null for null, NaN and what is absent. */
export function finiteOrNull(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/**
 * Finds the value of a curve at a step: that of the step, or on the line between its two neighbours. null before the first
 * step, beyond the last, and beside a step without a value.
 */
export function valueAt(
  steps: readonly number[],
  values: readonly (number | null)[],
  step: number,
): number | null {
  const above = firstAtOrAbove(steps, step);
  const high = values[above] ?? null;
  if (steps[above] === step || high === null) return high;
  const low = values[above - 1] ?? null;
  if (low === null) return null;
  const [from, to] = [steps[above - 1]!, steps[above]!];
  return low + ((high - low) * (step - from)) / (to - from);
}

/** Finds the index of the first step that is not less; the number of steps where there is none. */
export function firstAtOrAbove(steps: ArrayLike<number>, step: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]! < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rounds to seven digits: enough to tell runs apart, and too few for what differs between machines. */
export function shortened(value: number): number {
  return Number(value.toPrecision(7)) + 0;
}
