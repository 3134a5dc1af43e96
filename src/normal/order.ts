/** Finds the median of ascending numbers; NaN of none. */
export function medianOfSorted(sorted: ArrayLike<number>): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Finds the median of ascending numbers without the one at `index`. */
export function medianWithout(sorted: ArrayLike<number>, index: number): number {
  const at = (i: number) => sorted[i < index ? i : i + 1]!;
  const rest = sorted.length - 1;
  const half = rest >> 1;
  return rest % 2 === 1 ? at(half) : (at(half - 1) + at(half)) / 2;
}

/** Finds the median of numbers in any order; NaN of none. */
export function medianOf(values: Iterable<number>): number {
  const all = Float64Array.from(values);
  const half = all.length >> 1;
  return all.length === 0 ? Number.NaN : middleOf(all, all.length % 2 === 1 ? half : half - 1, half);
}

/** Finds the middle of the two numbers of these ranks, counted from 0, which are the same or next to each other; moves numbers. */
export function middleOf(values: Float64Array, lower: number, upper: number): number {
  const above = select(values, upper);
  if (lower === upper) return above;
  // What stands before is not greater.
  return (values.subarray(0, upper).reduce((most, x) => Math.max(most, x)) + above) / 2;
}

/** Finds the k-th smallest, counted from 0, and moves what is not greater before it (Hoare's selection). */
function select(values: Float64Array, k: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const swapped = values[i]!;
      values[i++] = values[j]!;
      values[j--] = swapped;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return values[k]!;
}
