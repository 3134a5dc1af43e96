import { middleOf } from './order.js';

/** So many distances for each number are written down. */
const FEW = 4;

/**
 * Finds the |x − y| that this share of all pairs of numbers of one column, over all columns, does not exceed, by nearest
 * rank; NaN without a pair. The pairs, quadratically many, are counted and not written down: the time is that of the
 * numbers times a logarithm.
 *
 * @param columns Finite numbers, ascending in each.
 * @param share In (0, 1].
 */
export function distanceQuantile(columns: readonly Float64Array[], share: number): number {
  const numbers = columns.reduce((sum, { length }) => sum + length, 0);
  const all = distancesUpTo(columns, Number.POSITIVE_INFINITY);
  if (all.count === 0) return Number.NaN;
  const rank = Math.ceil(share * all.count) - 1;
  let low = 0;
  let before = 0;
  let high = all.largest;
  let within = all.count;
  while (low < high && within - before > FEW * numbers) {
    const between = low / 2 + Math.min(high, Number.MAX_VALUE) / 2;
    const middle = between < high ? between : low;
    const { count, largest, next } = distancesUpTo(columns, middle);
    // Both ends are distances that there are: equal ones end the search.
    if (count > rank) [high, within] = [largest, count];
    else [low, before] = [next, count];
  }
  if (low >= high) return high;
  return middleOf(distancesBetween(columns, low, high, within - before), rank - before, rank - before);
}

/** How many distances are not greater than `limit`, the largest of these, and the smallest of the others. */
function distancesUpTo(
  columns: readonly Float64Array[],
  limit: number,
): { count: number; largest: number; next: number } {
  let count = 0;
  let largest = 0;
  let next = Number.POSITIVE_INFINITY;
  for (const column of columns) {
    for (let j = 1, i = 0; j < column.length; j++) {
      const x = column[j]!;
      while (x - column[i]! > limit) i++;
      count += j - i;
      largest = Math.max(largest, x - column[i]!);
      if (i > 0) next = Math.min(next, x - column[i - 1]!);
    }
  }
  return { count, largest, next };
}

/** The `count` distances from `low` to `high`. */
function distancesBetween(
  columns: readonly Float64Array[],
  low: number,
  high: number,
  count: number,
): Float64Array {
  const found = new Float64Array(count);
  let next = 0;
  for (const column of columns) {
    for (let j = 1, first = 0; j < column.length; j++) {
      const x = column[j]!;
      while (x - column[first]! > high) first++;
      for (let i = first; i < j && x - column[i]! >= low; i++) found[next++] = x - column[i]!;
    }
  }
  return found;
}
