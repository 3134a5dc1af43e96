import type { Chart, Line, View } from './chart.js';
import { CHART } from './chart.js';
import { logTicks, roundTicks } from './ticks.js';

/** Values that differ by a smaller share are drawn as level. */
const SAME = 1e-9;

/** From a value to where it is drawn. */
export type Place = (value: number) => number;

/** Returns where a step is, from left to right; in the middle where there is one only. */
export function acrossOf({ from, to }: Pick<View, 'from' | 'to'>): Place {
  const { width, left, right } = CHART;
  return (x) => left + (to > from ? (x - from) / (to - from) : 0.5) * (width - left - right);
}

export interface Range {
  readonly low: number;
  readonly high: number;
  readonly isLog: boolean;
}

/**
 * Finds what the values in view lie between, with some room about them; undefined where there is none. It begins at 0
 * where nothing is below and the least is less than half of the greatest.
 */
export function rangeOf({ lines }: Chart, view: View): Range | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { x, y } of lines) {
    for (let i = 0; i < y.length; i++) {
      const value = y[i];
      if (value == null || x[i]! < view.from || x[i]! > view.to) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) return undefined;
  const isLevel = high / 2 - low / 2 <= SAME * Math.max(Math.abs(low), Math.abs(high));
  if (view.isLog && low > 0) {
    const room = isLevel ? 2 : Math.exp(0.06 * (Math.log(high) - Math.log(low)));
    const [least, most] = [Number.MIN_VALUE, Number.MAX_VALUE];
    return { low: Math.max(least, low / room), high: Math.min(most, high * room), isLog: true };
  }
  if (low === 0 && high === 0) return { low, high: 1, isLog: false };
  const room = isLevel ? Math.abs(low) / 10 : high * 0.06 - low * 0.06;
  const isFromZero = low >= 0 && low < high / 2;
  return { low: isFromZero ? 0 : low - room, high: high + room, isLog: false };
}

/** Returns where a value is, from bottom to top. */
export function upOf({ low, high, isLog }: Range): Place {
  const { height, top, bottom } = CHART;
  // Halved, because the range of two float64 values may not fit in one.
  const share = isLog
    ? (value: number) => (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))
    : (value: number) => (value / 2 - low / 2) / (high / 2 - low / 2);
  return (value) => {
    const at = share(value);
    return height - bottom - (Number.isFinite(at) ? at : 0.5) * (height - top - bottom);
  };
}

export function ticksOf({ low, high, isLog }: Range): number[] {
  const ticks = isLog ? logTicks(low, high, 5) : roundTicks(low, high, 4);
  return ticks.length > 0 ? ticks : [low, high];
}

/** Round numbers of steps; whole ones where all steps are. */
export function stepTicks({ from, to }: Pick<View, 'from' | 'to'>): number[] {
  if (!(to > from)) return [from];
  const ticks = roundTicks(from, to, 4);
  const isWhole = Number.isInteger(from) && Number.isInteger(to);
  return isWhole ? ticks.filter(Number.isInteger) : ticks;
}

/** Finds the value of a line at a step, or of the drawn step that is nearest to it; null where there is none. */
export function nearest(
  { x, y }: Pick<Line, 'x' | 'y'>,
  step: number,
): { x: number; y: number | null } | null {
  let [low, high] = [0, x.length - 1];
  if (high < 0) return null;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle]! <= step) low = middle;
    else high = middle;
  }
  const i = Math.abs(x[high]! - step) < Math.abs(x[low]! - step) ? high : low;
  return { x: x[i]!, y: y[i] ?? null };
}
