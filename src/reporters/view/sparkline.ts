import { minMaxBuckets } from './min-max-buckets.js';

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII_BARS = ['_', '.', ':', '-', '=', '+', '*', '#'];
/** Values that differ by less than rounding are drawn as equal. */
const SAME = 1e-12;

export interface Scale {
  readonly min: number;
  readonly max: number;
}

/** Finds the range of all values that are there; undefined where there is none. */
export function scaleOf(series: Iterable<number | null | undefined>): Scale | undefined {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of series) {
    if (value == null) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : undefined;
}

/**
 * Draws one character a step, between the ends of `scale` (the values' own unless given); a space where a value is
 * missing, the middle bar where all are equal. More steps than `width`: each pair of characters keeps a bucket's
 * minimum and maximum.
 */
export function sparkline(
  values: readonly (number | null)[],
  width: number,
  ascii: boolean,
  scale: Scale = scaleOf(values) ?? { min: 0, max: 0 },
): string {
  const shown = values.length <= width ? values : minMaxBuckets(values, width >> 1).flat();
  const bars = ascii ? ASCII_BARS : BARS;
  return shown
    .map((value) => {
      if (value === null) return ' ';
      return bars[Math.min(bars.length - 1, Math.floor(shareOf(value, scale) * bars.length))];
    })
    .join('');
}

function shareOf(value: number, { min, max }: Scale): number {
  // Halved, because the range of two float64 values may not fit in one.
  const range = max / 2 - min / 2;
  if (range <= (SAME * Math.max(Math.abs(min), Math.abs(max))) / 2) return 0.5;
  return (value / 2 - min / 2) / range;
}
