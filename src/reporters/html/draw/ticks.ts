/** Ends that differ by less than this share have no numbers between them that tell them apart. */
const SAME = 1e-9;

/** Lists round numbers (1, 2 or 5 times a power of ten) from `low` to `high`, about `count` of them, ascending. */
export function roundTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  const isWide = rough > SAME * Math.max(Math.abs(low), Math.abs(high));
  if (!isWide || rough === Number.POSITIVE_INFINITY) return [];
  const power = Math.floor(Math.log10(rough));
  const digit = rough / 10 ** power;
  const factor = digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10;
  // Small steps as 1 / n: 3 · 0.1 is not 0.3, and 3 / 10 is.
  const [multiply, divide] = power < 0 ? [1, 10 ** -power / factor] : [factor * 10 ** power, 1];
  const first = Math.ceil((low / multiply) * divide);
  const last = Math.floor((high / multiply) * divide);
  if (!(last - first < 4 * count)) return [];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => ((first + i) * multiply) / divide);
}

/** Lists powers of ten between two numbers above 0, at most `most`; of less than two decades 1, 2 and 5 times them. */
export function logTicks(low: number, high: number, most: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const every = Math.ceil((last - first + 1) / most);
  if (last - first >= 1) {
    const length = Math.floor((last - first) / every) + 1;
    return Array.from({ length }, (_, i) => Number(`1e${first + i * every}`));
  }
  const fine = [1, 2, 5, 10, 20, 50].map((digit) => digit * 10 ** (first - 1));
  const within = fine.filter((tick) => tick >= low && tick <= high);
  return within.length > 1 ? within : roundTicks(low, high, 3);
}
