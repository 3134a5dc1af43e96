const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII_BARS = ['_', '.', ':', '-', '=', '+', '*', '#'];

/**
 * One character a step, between the smallest and the largest value; a space where a value is missing, the middle
 * bar where all are equal. More steps than `width`: each pair of characters keeps a bucket's minimum and maximum.
 */
export function sparkline(values: readonly (number | null)[], width: number, ascii: boolean): string {
  const shown = values.length <= width ? values : downsample(values, width);
  const known = shown.filter((value) => value !== null);
  const min = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const max = known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const bars = ascii ? ASCII_BARS : BARS;
  return shown
    .map((value) => {
      if (value === null) return ' ';
      // Halved, because the range of two float64 values may not fit in one.
      const share = max === min ? 0.5 : (value / 2 - min / 2) / (max / 2 - min / 2);
      return bars[Math.min(bars.length - 1, Math.floor(share * bars.length))];
    })
    .join('');
}

function downsample(values: readonly (number | null)[], width: number): (number | null)[] {
  const buckets = Math.max(1, Math.floor(width / 2));
  const out: (number | null)[] = [];
  for (let b = 0; b < buckets; b++) {
    const start = Math.floor((b * values.length) / buckets);
    const bucket = values.slice(start, Math.floor(((b + 1) * values.length) / buckets));
    const known = bucket.filter((value) => value !== null);
    if (known.length === 0) {
      out.push(null, null);
      continue;
    }
    const min = known.reduce((a, c) => Math.min(a, c));
    const max = known.reduce((a, c) => Math.max(a, c));
    out.push(...(bucket.indexOf(min) <= bucket.indexOf(max) ? [min, max] : [max, min]));
  }
  return out;
}
