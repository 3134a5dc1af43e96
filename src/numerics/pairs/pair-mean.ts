import { gathered, placeOf, WHOLE } from '../matrix/gather-rows.js';
import type { MatrixDerived, MatrixFold, MatrixView, Rows } from '../matrix/matrix-view.js';
import { SURVEY } from '../matrix/survey.js';
import { pairsToDraw } from '../random/pair-sampling.js';
import { forEachRandomPair } from '../random/random-pairs.js';
import { randomRows } from '../random/random-rows.js';
import { randomWords, uniform } from '../random/random-words.js';
import { type Estimated, meanOverRandomPairs } from './estimate.js';
import { squaredDistance } from './squared-distance.js';

interface Vectors {
  readonly data: Float32Array | Float64Array;
  readonly has: Uint8Array | null;
}

/** To need it says that the rows of the pool will be written out. */
export const POOL_WRITTEN_OUT: MatrixDerived<true> = {
  name: 'rows of the pool, written out',
  needs: [],
  from: () => true,
};

/** What is averaged over pairs of rows: a function of the distance between them in some form. */
export interface PairTerm {
  readonly name: string;
  /** Those of the pool are kept: what to need says so, where they are not the rows themselves but float64 of them. */
  readonly writes?: typeof POOL_WRITTEN_OUT;
  /** The rows as vectors, [rows, cols]; `has` is 0 for a row that has none, and null where all have one. */
  vectors(rows: Rows): Vectors;
  of(squaredDistance: number): number;
  /** The least and the largest mean there can be. */
  readonly range: readonly [number, number];
}

/** Rows of the pool: what fits in 2²¹ values, a constant of the tool, and never so few that it shows. */
const POOL_VALUES = 2 ** 21;
const MIN_POOL_ROWS = 1024;

/** Of a value of the pool that is written out; of a row what its length is known by; of any row its places and partners. */
const WRITTEN_BYTES = 8;
const SUM_BYTES = 49;
const PLACE_BYTES = 32;

/** What makes the draws differ; pairs have 1, in `forEachRandomPair`. */
const POOL_STREAM = 2;
const PARTNER_STREAM = 3;

type MostRows = (cols: number) => number;

const poolRows: MostRows = (cols) => Math.max(MIN_POOL_ROWS, Math.floor(POOL_VALUES / cols));

/**
 * The mean of `term` over pairs of different rows from as many random ones as the batch asks for, with its standard
 * error; no bias, whatever the order of the rows, and the same number whether they lie in memory or pass by. null for
 * fewer than two pairs.
 *
 * Where the pool holds every row, or every row of the pairs, they are independent pairs of all rows (see
 * `forEachRandomPair`). Else the pool is R random rows without replacement, B the mean over the pairs inside it, and
 * A the mean over *all* rows of k = max(2, ⌈pairs/N⌉) pairs each with random rows of the pool: 2A − B. A pool whose
 * rows lie farther out than most shifts A once and B twice, which cancels, and a far row outside it is counted in A
 * for what it is; what is left is the error of drawing pairs. Its variance is 4 Σ s_i²/k/N² + s²/pairs + 2v/R(R−1),
 * s_i² and s² the sample variances of one row's k terms and of the pool's pairs, v that of the rows' means.
 * @param most How many rows of so many dimensions the pool holds at most.
 */
export function pairMean(term: PairTerm, most?: MostRows): MatrixDerived<Estimated | null> {
  const pool = most === undefined ? POOL : poolOf(most);
  const vectors: MatrixDerived<Vectors> = {
    name: `vectors for ${term.name}`,
    needs: term.writes === undefined ? [] : [term.writes],
    alsoNeeds: (view) => [pool.rowsOf(view)],
    from: (view) => term.vectors(view.get(pool.rowsOf(view))),
  };
  const passing = withPool(term, vectors, pool);
  return {
    name: `mean ${term.name} of random pairs`,
    needs: [vectors],
    alsoNeeds: (view) => {
      const { all, independent } = pool.planOf(view);
      if (all) return [];
      return independent ? [pool.places] : [passing];
    },
    from: (view) => {
      const { rows, cols } = view;
      const { seed } = view.sampling;
      const { all, independent, pairs, poolRows: ofPool } = pool.planOf(view);
      const { data, has } = view.get(vectors);
      const terms = (i: number, j: number) =>
        has !== null && (has[i] === 0 || has[j] === 0)
          ? null
          : term.of(squaredDistance(data, data, cols, i, j));
      if (all) return meanOverRandomPairs(rows, pairs, seed, terms);
      if (independent) {
        const places = view.get(pool.places);
        return meanOverRandomPairs(rows, pairs, seed, (i, j) =>
          terms(placeOf(places, i), placeOf(places, j)),
        );
      }
      const inside = meanOverRandomPairs(ofPool, pairs, seed, terms);
      const members = has === null ? ofPool : has.reduce((sum, one) => sum + one, 0);
      return joined(inside, view.get(passing), members, term.range);
    },
  };
}

/** 2A − B, from B of the pairs inside the pool and A of those with the rows that pass it. */
function joined(
  inside: Estimated | null,
  passing: Passing,
  members: number,
  [low, high]: readonly [number, number],
): Estimated | null {
  if (inside === null || passing.rows === 0) return null;
  const variance = inside.estimate.standardError ** 2;
  // Rows that pass by are all rows: they know of far ones that the pool lacks.
  const spread = passing.between / passing.rows + passing.variances / passing.rows;
  const ofPool = (2 * spread) / (members * (members - 1));
  return {
    value: Math.min(high, Math.max(low, 2 * passing.mean - inside.value)),
    estimate: {
      method: 'sampled',
      pairs: inside.estimate.pairs + passing.pairs,
      standardError: Math.sqrt(4 * (passing.variances / passing.rows ** 2) + variance + ofPool),
    },
  };
}

interface PairPlan {
  readonly pairs: number;
  /** The pool is every row. */
  readonly all: boolean;
  /** The pool holds both rows of every pair. */
  readonly independent: boolean;
  /** How many rows the pool has, where it is neither, and with how many of them each row is paired. */
  readonly poolRows: number;
  readonly draws: number;
}

interface Pool {
  planOf(view: MatrixView): PairPlan;
  readonly plan: MatrixDerived<PairPlan>;
  /** The numbers of its rows, ascending, where it is not every row. */
  readonly places: MatrixDerived<Float64Array>;
  /** The quantity that is its rows. */
  rowsOf(view: MatrixView): MatrixDerived<Rows>;
}

function poolOf(most: MostRows): Pool {
  const planOf = ({ sampling, rows, cols }: MatrixView): PairPlan => {
    const pairs = pairsToDraw(sampling.pairwise, rows, cols)!;
    const limit = most(cols);
    const all = rows <= limit;
    const independent = all || 2 * pairs <= limit;
    return { pairs, all, independent, poolRows: limit, draws: Math.max(2, Math.ceil(pairs / rows)) };
  };
  const { places, rows } = gathered(
    'the pool',
    (view) => {
      const { pairs, independent, poolRows: count } = planOf(view);
      const { seed } = view.sampling;
      return independent
        ? rowsOfPairs(view.rows, pairs, seed)
        : randomRows(count, view.rows, seed, POOL_STREAM);
    },
    (view) => {
      const written = view.isNeeded(POOL_WRITTEN_OUT) ? WRITTEN_BYTES + SUM_BYTES / view.cols : 0;
      return { more: written + PLACE_BYTES / view.cols };
    },
  );
  const plan = { name: 'plan of the pairs', needs: [], from: planOf };
  return { planOf, plan, places, rowsOf: (view) => (planOf(view).all ? WHOLE : rows) };
}

const POOL = poolOf(poolRows);

function rowsOfPairs(rows: number, pairs: number, seed: number): Float64Array {
  const found = new Set<number>();
  forEachRandomPair(pairs, rows, seed, (i, j) => found.add(i).add(j));
  return Float64Array.from(found).sort();
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

/** Row i's draw number m: words 0 and 1, or 2 and 3, of the block of counter (i, stream 3, ⌊m/2⌋), of the pool's rows but i. */
function withPool(term: PairTerm, vectors: MatrixDerived<Vectors>, pool: Pool): MatrixFold<Passing> {
  /** The rows of the pool that have a vector: their places in it, and their numbers. */
  const partners: MatrixDerived<{ members: Uint32Array; numbers: Float64Array }> = {
    name: `partners for ${term.name}`,
    needs: [vectors, pool.places],
    from: (view) => {
      const { has } = view.get(vectors);
      const rows = view.get(pool.places);
      const members = Uint32Array.from(rows.keys()).filter((place) => has === null || has[place] === 1);
      return { members, numbers: Float64Array.from(members, (place) => rows[place]!) };
    },
  };
  const words = new Uint32Array(4);
  return {
    name: `${term.name} of every row with the pool`,
    needs: [SURVEY, pool.plan, vectors, partners],
    part: (block) => {
      const { cols } = block;
      const { seed } = block.sampling;
      const { draws } = block.get(pool.plan);
      const { data } = block.get(vectors);
      const { members, numbers } = block.get(partners);
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
