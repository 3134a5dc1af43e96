import { type Gathered, gathered } from '../matrix/gather-rows.js';
import type { MatrixView } from '../matrix/matrix-view.js';
import { EXACT_PAIR_DIMENSIONS } from '../random/pair-sampling.js';
import { randomRows } from '../random/random-rows.js';
import type { Estimated } from './estimate.js';

/** How many of the N²·D differences between rows are taken where each row searches all others. */
export interface SearchLimits {
  /** Up to so many, all. */
  readonly exact: number;
  /** Else of so many rows, the queries, as these allow. */
  readonly sampled: number;
  /** Fewer dimensions count as so many, for a distance takes time of its own; 1 unless given. */
  readonly leastDims?: number;
}

export const SEARCH_LIMITS: SearchLimits = {
  exact: 2 * EXACT_PAIR_DIMENSIONS,
  sampled: EXACT_PAIR_DIMENSIONS,
  leastDims: 256,
};
const MIN_QUERIES = 100;

export interface Queries extends Gathered {
  /** True where every row searches. */
  isEvery(view: Shape): boolean;
  count(view: Shape): number;
}

type Shape = Pick<MatrixView, 'sampling' | 'rows' | 'cols'>;

/** The rows that search all others: every row, or random ones without replacement where that is too much. */
export function queriesOf(
  name: string,
  stream: number,
  { exact, sampled, leastDims = 1 }: SearchLimits,
): Queries {
  const differences = ({ rows, cols }: Shape) => rows * Math.max(cols, leastDims);
  const count = (view: Shape) =>
    Math.min(view.rows, Math.max(MIN_QUERIES, Math.floor(sampled / differences(view))));
  const chosen = gathered(name, (view) => randomRows(count(view), view.rows, view.sampling.seed, stream));
  const isEvery = (view: Shape) =>
    view.sampling.pairwise === 'exact' || view.rows * differences(view) <= exact;
  return { ...chosen, isEvery, count };
}

/**
 * The mean of what each query found, with its standard error where not every one of `rows` searched (with `most`, the
 * largest it can be: as if one more were off by that, which no query happened to find).
 */
export function meanOfQueries(found: Float64Array, rows: number, most = 0): number | Estimated {
  const count = found.length;
  const mean = found.reduce((sum, x) => sum + x, 0) / count;
  if (count === rows) return mean;
  const squares = found.reduce((sum, x) => sum + (x - mean) ** 2, most * most);
  const standardError = Math.sqrt((squares / (count - 1) / count) * (1 - count / rows));
  return { value: mean, estimate: { method: 'sampled', pairs: count * rows, standardError } };
}
