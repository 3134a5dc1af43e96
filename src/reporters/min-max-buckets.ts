/**
 * A series in `buckets` parts of about the same length, each as its minimum and maximum in the order they come; both
 * null where a part has no value. No peak and no dip of the series is lost.
 */
export function minMaxBuckets(
  values: readonly (number | null)[],
  buckets: number,
): [number | null, number | null][] {
  return bucketRanges(values.length, buckets).map(([start, end]) => {
    let low = -1;
    let high = -1;
    for (let i = start; i < end; i++) {
      const value = values[i];
      if (value == null) continue;
      if (low < 0 || value < (values[low] ?? 0)) low = i;
      if (high < 0 || value > (values[high] ?? 0)) high = i;
    }
    const [first, second] = low <= high ? [low, high] : [high, low];
    return [values[first] ?? null, values[second] ?? null];
  });
}

function bucketRanges(length: number, buckets: number): [number, number][] {
  const count = Math.max(1, buckets);
  return Array.from({ length: count }, (_, b) => [
    Math.floor((b * length) / count),
    Math.floor(((b + 1) * length) / count),
  ]);
}
