import { extremesOfBuckets } from '../../view/min-max-buckets.js';
import { lineThrough, px } from '../svg.js';
import type { Line, View } from './chart.js';
import type { Place } from './scales.js';

/** Lists every index, or of many values the first, the last and each bucket's extremes; -1 where a bucket has none. */
export function thinned(values: readonly (number | null)[], buckets: number): number[] {
  if (values.length <= buckets * 2) return [...values.keys()];
  const extremes = extremesOfBuckets(values, buckets).flatMap(([a, b]) => (a === b ? [a] : [a, b]));
  const last = values.length - 1;
  return [...(extremes[0] === 0 ? [] : [0]), ...extremes, ...(extremes.at(-1) === last ? [] : [last])];
}

/** The part of a line that is in view, cut at its edges as it is drawn there. */
export function inView({ x, y }: Line, { from, to, isLog }: View): Pick<Line, 'x' | 'y'> {
  let first = x.findIndex((step) => step >= from);
  if (first < 0) first = x.length;
  const after = x.findIndex((step) => step > to);
  const end = after < 0 ? x.length : after;
  if (first === 0 && end === x.length) return { x, y };
  const between = (i: number, at: number): number | null => {
    const [a, b] = [y[i], y[i + 1]];
    if (a == null || b == null) return null;
    const share = (at - x[i]!) / (x[i + 1]! - x[i]!);
    return isLog ? a * (b / a) ** share : a + (b - a) * share;
  };
  const head = first > 0 && first < x.length && x[first]! > from ? between(first - 1, from) : null;
  const tail = end > 0 && end < x.length && x[end - 1]! < to ? between(end - 1, to) : null;
  return {
    x: [...(head === null ? [] : [from]), ...x.slice(first, end), ...(tail === null ? [] : [to])],
    y: [...(head === null ? [] : [head]), ...y.slice(first, end), ...(tail === null ? [] : [tail])],
  };
}

/** Writes a line through values that breaks where one is missing; a lone value is a dot. */
export function linePath({ x, y }: Pick<Line, 'x' | 'y'>, buckets: number, across: Place, up: Place): string {
  const pieces: [number, number][][] = [[]];
  for (const i of thinned(y, buckets)) {
    const value = y[i];
    const piece = pieces.at(-1)!;
    if (value == null) {
      if (piece.length > 0) pieces.push([]);
      continue;
    }
    const point: [number, number] = [across(x[i]!), px(up(value))];
    // Of a level stretch only the ends are drawn.
    if (piece.at(-1)?.[1] === point[1] && piece.at(-2)?.[1] === point[1]) piece.pop();
    piece.push(point);
  }
  return pieces.map(lineThrough).join('');
}

/** Writes a dot for each value. */
export function dotPath({ x, y }: Pick<Line, 'x' | 'y'>, across: Place, up: Place): string {
  return y.map((value, i) => (value === null ? '' : `M${px(across(x[i]!))} ${px(up(value))}h0`)).join('');
}
