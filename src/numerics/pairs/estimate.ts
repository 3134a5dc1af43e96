import { forEachRandomPair } from '../random/random-pairs.js';

/** How a value that was not computed from every pair came about. */
export interface Estimate {
  readonly method: 'sampled';
  /** How many pairs were drawn. */
  readonly pairs: number;
  /** In the value's own unit. */
  readonly standardError: number;
}

/** A value from some of the pairs, and how far off it may be. */
export interface Estimated {
  readonly value: number;
  readonly estimate: Estimate;
}

/**
 * The mean of `of` over `pairs` random pairs of rows (see `forEachRandomPair`): unbiased for the mean over all pairs.
 * The pairs are independent, so that its standard error is s/√pairs, s² the sample variance (ddof 1). Pairs that have
 * no value, null, are not counted; null where fewer than two have one.
 */
export function meanOverRandomPairs(
  rows: number,
  pairs: number,
  seed: number,
  of: (i: number, j: number) => number | null,
): Estimated | null {
  let mean = 0;
  let squares = 0;
  let drawn = 0;
  // Welford's update: equal values give exactly that value and the error 0.
  forEachRandomPair(pairs, rows, seed, (i, j) => {
    const x = of(i, j);
    if (x === null) return;
    const before = x - mean;
    mean += before / ++drawn;
    squares += before * (x - mean);
  });
  if (drawn < 2) return null;
  const standardError = Math.sqrt(squares / (drawn - 1) / drawn);
  return { value: mean, estimate: { method: 'sampled', pairs: drawn, standardError } };
}
