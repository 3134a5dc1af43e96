/**
 * Splits a series in `buckets` parts of about the same length, each as its minimum and maximum in the order they come;
 * both null where a part has no value. No peak and no dip of the series is lost.
 */
export function minMaxBuckets(
  values: readonly (number | null)[],
  buckets: number,
): [number | null, number | null][] {
  return extremesOfBuckets(values, buckets).map(([first, second]) => [
    values[first] ?? null,
    values[second] ?? null,
  ]);
}

/** Finds where each part's minimum and maximum are, in the order they come; -1 twice where a part has no value. */
export function extremesOfBuckets(values: readonly (number | null)[], buckets: number): [number, number][] {
  const count = Math.max(1, buckets);
  return Array.from({ length: count }, (_, b) => {
    const end = Math.floor(((b + 1) * values.length) / count);
    let low = -1;
    let high = -1;
    for (let i = Math.floor((b * values.length) / count); i < end; i++) {
      const value = values[i];
      if (value == null) continue;
      if (low < 0 || value < (values[low] ?? 0)) low = i;
      if (high < 0 || value > (values[high] ?? 0)) high = i;
    }
    return low <= high ? [low, high] : [high, low];
  });
}
