/** Finds the median of ascending numbers; NaN of none. */
export function medianOfSorted(sorted: ArrayLike<number>): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Finds the median of ascending numbers without the one at `index`. */
export function medianWithout(sorted: readonly number[], index: number): number {
  const at = (i: number) => sorted[i < index ? i : i + 1]!;
  const rest = sorted.length - 1;
  const half = rest >> 1;
  return rest % 2 === 1 ? at(half) : (at(half - 1) + at(half)) / 2;
}

/** Finds the median of numbers in any order; NaN of none. */
export function medianOf(values: Iterable<number>): number {
  return medianOfSorted(Float64Array.from(values).sort());
}
