import type { Embedding } from '../matrix/embedding.js';
import type { RowFold } from '../matrix/row-fold.js';
import type { WholeEmbedding } from '../matrix/whole-embedding.js';
import { forEachRandomPair } from '../random/random-pairs.js';
import { randomRows } from '../random/random-rows.js';
import { randomWords, uniform } from '../random/random-words.js';
import { expectRows, gatherRows } from '../streaming/gather-rows.js';
import { type Estimated, meanOverRandomPairs } from './estimate.js';
import { squaredDistance } from './squared-distance.js';

/** What is averaged over pairs of rows: a function of the distance between them in some form. */
export interface PairTerm {
  readonly name: string;
  /** The rows as vectors, [rows, cols]; `has` is 0 for a row that has none, and null where all have one. */
  vectors(rows: Embedding): {
    readonly data: Float32Array | Float64Array;
    readonly has: Uint8Array | null;
  };
  of(squaredDistance: number): number;
  /** The least and the largest mean there can be. */
  readonly range: readonly [number, number];
}

/** Rows of the pool: what fits in 2²¹ values, a constant of the tool, and never so few that it shows. */
const POOL_VALUES = 2 ** 21;
const MIN_POOL_ROWS = 1024;

/** What the draws are told apart by; pairs have 1, in `forEachRandomPair`. */
const POOL_STREAM = 2;
const PARTNER_STREAM = 3;

function poolRows(cols: number): number {
  return Math.max(MIN_POOL_ROWS, Math.floor(POOL_VALUES / cols));
}

/**
 * The mean of `term` over pairs of different rows from `pairs` random ones, with its standard error; no bias, whatever
 * the order of the rows, and the same number whether they lie in memory or pass by. null for fewer than two pairs.
 *
 * Where the pool holds every row, or every row of the pairs, they are independent pairs of all rows (see
 * `forEachRandomPair`). Else the pool is R random rows without replacement, B the mean over the pairs inside it, and
 * A the mean over *all* rows of k = max(2, ⌈pairs/N⌉) pairs each with random rows of the pool: 2A − B. A pool whose
 * rows lie farther out than most shifts A once and B twice, which cancels, and a far row outside it is counted in A
 * for what it is; what is left is the error of drawing pairs. Its variance is 4 Σ s_i²/k/N² + s²/pairs + 2v/R(R−1),
 * s_i² and s² the sample variances of one row's k terms and of the pool's pairs, v that of the rows' means.
 * @param most How many rows the pool holds at most.
 */
export function meanOverPairs(
  embedding: WholeEmbedding,
  term: PairTerm,
  pairs: number,
  seed: number,
  most = poolRows(embedding.cols),
): Estimated | null {
  const plan = planOf(embedding, pairs, seed, most);
  const pool = plan.all ? embedding.inMemory : gatherRows(embedding, plan.key, plan.rows);
  const { data, has } = embedding.keyed(`${term.name} of ${plan.key}`, () => term.vectors(pool));
  const { cols } = embedding;
  const terms = (i: number, j: number) =>
    has !== null && (has[i] === 0 || has[j] === 0) ? null : term.of(squaredDistance(data, data, cols, i, j));
  if (plan.independent) {
    const place = plan.all ? null : plan.rows();
    return meanOverRandomPairs(embedding.rows, pairs, seed, (i, j) =>
      place === null ? terms(i, j) : terms(placeOf(place, i), placeOf(place, j)),
    );
  }
  const draws = Math.max(2, Math.ceil(pairs / embedding.rows));
  const passing = embedding.fold(
    embedding.keyed(`${term.name} with ${plan.key}`, () =>
      withPool(term, { data, has, rows: plan.rows() }, cols, draws, seed),
    ),
  );
  const inside = meanOverRandomPairs(pool.rows, pairs, seed, terms);
  if (inside === null || passing.rows === 0) return null;
  const variance = inside.estimate.standardError ** 2;
  const members = has === null ? pool.rows : has.reduce((sum, one) => sum + one, 0);
  // Rows that pass by are all rows: they know of far ones that the pool lacks.
  const spread = passing.between / passing.rows + passing.variances / passing.rows;
  const ofPool = (2 * spread) / (members * (members - 1));
  const [low, high] = term.range;
  return {
    value: Math.min(high, Math.max(low, 2 * passing.mean - inside.value)),
    estimate: {
      method: 'sampled',
      pairs: inside.estimate.pairs + passing.pairs,
      standardError: Math.sqrt(4 * (passing.variances / passing.rows ** 2) + variance + ofPool),
    },
  };
}

/** Says that `meanOverPairs` will be asked, so that the first pass gathers its pool. */
export function expectPairs(embedding: WholeEmbedding, pairs: number, seed: number): void {
  const plan = planOf(embedding, pairs, seed, poolRows(embedding.cols));
  if (plan.all) embedding.expectInMemory();
  else expectRows(embedding, plan.key, plan.rows);
}

interface PairPlan {
  readonly key: string;
  /** The pool is every row. */
  readonly all: boolean;
  /** The pool holds both rows of every pair. */
  readonly independent: boolean;
  /** The pool's, ascending. */
  readonly rows: () => Float64Array;
}

function planOf(embedding: WholeEmbedding, pairs: number, seed: number, most: number): PairPlan {
  const { rows } = embedding;
  const all = rows <= most;
  const independent = all || 2 * pairs <= most;
  const key = `pool of ${most} for ${pairs} from ${seed}`;
  const draw = () =>
    independent ? rowsOfPairs(rows, pairs, seed) : randomRows(most, rows, seed, POOL_STREAM);
  return { key, all, independent, rows: () => embedding.keyed(`places of ${key}`, draw) };
}

function rowsOfPairs(rows: number, pairs: number, seed: number): Float64Array {
  const found = new Set<number>();
  forEachRandomPair(pairs, rows, seed, (i, j) => found.add(i).add(j));
  return Float64Array.from(found).sort();
}

/** Where `row` stands among the ascending `rows`, or would stand. */
function placeOf(rows: Float64Array, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]! < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The mean over passing rows of each one's mean with some rows of the pool. */
interface Passing {
  readonly rows: number;
  readonly pairs: number;
  readonly mean: number;
  /** Σ over rows of the variance of its mean. */
  readonly variances: number;
  /** Σ over rows of the square of its mean less that of all. */
  readonly between: number;
}

interface Pool {
  readonly data: Float32Array | Float64Array;
  readonly has: Uint8Array | null;
  readonly rows: Float64Array;
}

/** Row i's draw number m: words 0 and 1, or 2 and 3, of the block of counter (i, stream 3, ⌊m/2⌋), of the pool's rows but i. */
function withPool(
  term: PairTerm,
  { data, has, rows }: Pool,
  cols: number,
  draws: number,
  seed: number,
): RowFold<Embedding, Passing> {
  const members = Uint32Array.from(rows.keys()).filter((place) => has === null || has[place] === 1);
  const numbers = Float64Array.from(members, (place) => rows[place]!);
  const words = new Uint32Array(4);
  return {
    part: (block) => {
      const own = term.vectors(block);
      let [count, mean, variances, between] = [0, 0, 0, 0];
      let place = placeOf(numbers, block.firstRow);
      for (let i = 0; i < block.rows; i++) {
        const row = block.firstRow + i;
        const isMember = numbers[place] === row;
        if (own.has === null || own.has[i] === 1) {
          const others = members.length - (isMember ? 1 : 0);
          let [ofRow, squares] = [0, 0];
          for (let m = 0; m < draws; m++) {
            if (m % 2 === 0) randomWords(seed, row, PARTNER_STREAM, m / 2, words);
            const u = m % 2 === 0 ? uniform(words[0]!, words[1]!) : uniform(words[2]!, words[3]!);
            const drawn = Math.floor(u * others);
            const member = members[isMember && drawn >= place ? drawn + 1 : drawn]!;
            const x = term.of(squaredDistance(own.data, data, cols, i, member));
            const apart = x - ofRow;
            ofRow += apart / (m + 1);
            squares += apart * (x - ofRow);
          }
          const before = ofRow - mean;
          mean += before / ++count;
          between += before * (ofRow - mean);
          variances += squares / (draws - 1) / draws;
        }
        if (isMember) place++;
      }
      return { rows: count, pairs: count * draws, mean, variances, between };
    },
    join: (a, b) => {
      const count = a.rows + b.rows;
      const share = count === 0 ? 0 : b.rows / count;
      const apart = b.mean - a.mean;
      return {
        rows: count,
        pairs: a.pairs + b.pairs,
        mean: a.mean + apart * share,
        variances: a.variances + b.variances,
        between: a.between + b.between + apart * apart * a.rows * share,
      };
    },
  };
}
