import { describe, expect, it } from 'vitest';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { MatrixInMemory } from '#numerics/matrix/matrix-in-memory.js';
import { type PairTerm, pairMean } from '#numerics/pairs/pair-mean.js';
import { DISTANCE, PAIRWISE_DISTANCE } from '#numerics/pairs/pairwise.js';
import { REPULSION, uniformity } from '#numerics/pairs/uniformity.js';
import { randomRows } from '#numerics/random/random-rows.js';
import { gaussian } from '../metrics/gaussian.js';

const ROWS = 1500;
const COLS = 3;
/** Far fewer than the rows, as in a step that is read in blocks. */
const POOL = 200;
const PAIRS = 1000;
const SEEDS = Array.from({ length: 100 }, (_, seed) => seed);

function mapped(change: (x: number, i: number, j: number) => number): Matrix {
  const { data, rows, cols } = gaussian(ROWS, COLS, 1);
  return { data: Float64Array.from(data, (x, k) => change(x, Math.floor(k / cols), k % cols)), rows, cols };
}

const SETS: [name: string, Matrix][] = [
  ['a Gaussian', mapped((x) => x)],
  [
    'tight clusters of very different sizes, sorted by cluster',
    mapped((x, i, j) => 100 * Math.sin(37 * Math.floor(10 * (i / ROWS) ** 2) + 11 * j) + x / 1000),
  ],
  ['a far cluster of every hundredth row', mapped((x, i) => (i % 100 === 0 ? 1000 + x : x))],
  ['one far row', mapped((x, i) => (i === 700 ? 1000 + x : x))],
];

const TERMS: [name: string, PairTerm, exact: (view: MatrixInMemory) => number][] = [
  ['distance', DISTANCE, (view) => view.get(PAIRWISE_DISTANCE) as number],
  ['repulsion', REPULSION, (view) => Math.expm1(uniformity(view))],
];

/** From a pool of fewer rows than the matrix has. */
const FROM_POOL = { distance: pairMean(DISTANCE, () => POOL), repulsion: pairMean(REPULSION, () => POOL) };

const estimateOf = (matrix: Matrix, { name }: PairTerm, seed: number) =>
  new MatrixInMemory('prediction', matrix, { pairwise: PAIRS, seed }).get(
    FROM_POOL[name as keyof typeof FROM_POOL],
  );

const meanSquare = (x: readonly number[]) => x.reduce((sum, y) => sum + y * y, 0) / x.length;

describe.each(SETS)('from a pool and the rows that pass it: %s', (_, matrix) => {
  describe.each(TERMS)('%s', (__, term, exactly) => {
    const exact = exactly(new MatrixInMemory('prediction', matrix));
    const estimates = SEEDS.map((seed) => estimateOf(matrix, term, seed)!);
    const errors = estimates.map(({ value }) => value - exact);
    const stated = estimates.map(({ estimate }) => estimate.standardError);

    it('lies within three stated standard errors for 97 of 100 seeds', () => {
      const within = errors.filter((error, k) => Math.abs(error) <= 3 * stated[k]!);
      expect(within.length).toBeGreaterThanOrEqual(97);
    });

    it('states the error that it has, and has no bias', () => {
      const ratio = Math.sqrt(meanSquare(errors) / meanSquare(stated));
      expect(ratio).toBeGreaterThan(0.7);
      expect(ratio).toBeLessThan(1.5);
      const bias = errors.reduce((a, b) => a + b) / errors.length;
      expect(Math.abs(bias)).toBeLessThan((4 * Math.sqrt(meanSquare(stated))) / 10);
    });

    it('counts the pairs of the pool and those of each row with it', () => {
      expect(estimates[0]!.estimate).toMatchObject({ method: 'sampled', pairs: PAIRS + 2 * ROWS });
    });

    it('has the same bits for the same seed', () => {
      expect(estimateOf(matrix, term, 42)).toEqual(estimates[42]);
      expect(estimates[43]).not.toEqual(estimates[42]);
    });
  });
});

describe('rows without a direction', () => {
  it('are left out of the pool and out of those that pass it', () => {
    const zeros = mapped((x, i) => (i % 2 === 0 ? 0 : x));
    const { value, estimate } = estimateOf(zeros, REPULSION, 3)!;
    const exact = Math.expm1(uniformity(new MatrixInMemory('prediction', zeros)));
    expect(Math.abs(value - exact)).toBeLessThan(4 * estimate.standardError);
    expect(estimate.pairs).toBeLessThan(PAIRS / 2 + ROWS);
  });

  it('leave no estimate where hardly a row has one', () => {
    const alone = mapped((x, i) => (i === 5 ? x : 0));
    expect(estimateOf(alone, REPULSION, 3)).toBeNull();
  });
});

describe('the random rows', () => {
  it('are different, ascending, and each as likely as any other', () => {
    const counts = new Map<number, number>();
    for (let seed = 0; seed < 2000; seed++) {
      const rows = [...randomRows(4, 10, seed, 2)];
      expect(rows).toEqual([...new Set(rows)].sort((a, b) => a - b));
      for (const row of rows) counts.set(row, (counts.get(row) ?? 0) + 1);
    }
    const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - 800) ** 2 / (800 * 0.6), 0);
    expect(counts.size).toBe(10);
    // 99.9 % of 9 degrees of freedom.
    expect(chiSquared).toBeLessThan(27.9);
  });

  it('are all of them where all are asked for', () => {
    expect([...randomRows(5, 5, 1, 2)]).toEqual([0, 1, 2, 3, 4]);
  });
});
