/** Less of the way to the alert than this is no departure. */
const NOTICEABLE = 0.1;
/** What is below this share of the best counts as this share: a fall to 0 has no logarithm. */
const FLOOR = 1e-3;

/**
 * Finds where a series left what it had been: the index of the first value after the last one that lies within the
 * spread of the healthy stretch before. That stretch is what lies in the better half of the way between the best value
 * and the first beyond its bound, so that a warm-up is no part of it; its level is the fourth fifth of its values, its
 * spread three times the scatter from one value to the next, at least a tenth and at most half of the way down.
 * Falling values are compared by their ratio, rising ones by their difference.
 *
 * @param values One a judged step, in their order; null where there is none.
 * @param bad Whether low or high values are collapse.
 * @param tripped Index of the first value beyond its bound, of those in a row that were confirmed.
 * @returns An index from 0 to `tripped`; `tripped` where there is no value before it.
 */
export function onsetOf(
  values: readonly (number | null | undefined)[],
  bad: 'low' | 'high',
  tripped: number,
): number {
  const points = pointsOf(values, bad, tripped);
  const fallen = points.pop();
  if (fallen === undefined || fallen.at !== tripped || points.length === 0) return tripped;
  const best = points.reduce((most, { y }) => Math.max(most, y), Number.NEGATIVE_INFINITY);
  if (!(best > fallen.y)) return points[0]!.at;
  const healthy = points.filter(({ y }) => y >= (best + fallen.y) / 2).map(({ y }) => y);
  const level = quantile(healthy, 0.8);
  const way = level - fallen.y;
  const scatter = quantile(
    healthy.slice(1).map((y, i) => Math.abs(y - healthy[i]!)),
    0.5,
  );
  // From the median of differences of two normal values to their standard deviation.
  const spread = Math.min(Math.max(3 * 1.05 * scatter, NOTICEABLE * way), way / 2);
  const within = points.findLastIndex(({ y }) => y >= level - spread);
  return points[within + 1]?.at ?? tripped;
}

interface Point {
  readonly at: number;
  /** Larger is healthier. */
  readonly y: number;
}

function pointsOf(
  values: readonly (number | null | undefined)[],
  bad: 'low' | 'high',
  tripped: number,
): Point[] {
  const given = values
    .slice(0, tripped + 1)
    .flatMap((value, at) => (typeof value === 'number' && Number.isFinite(value) ? [{ at, value }] : []));
  if (bad === 'high') return given.map(({ at, value }) => ({ at, y: -value }));
  const best = given.reduce((most, { value }) => Math.max(most, value), 0);
  if (best === 0) return given.map(({ at, value }) => ({ at, y: value }));
  return given.map(({ at, value }) => ({ at, y: Math.log(Math.max(value / best, FLOOR)) }));
}

/** The value at a share of the sorted values, by nearest rank; 0 of none. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
