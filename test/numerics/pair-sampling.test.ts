import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { philox4x32 } from '#kernels/philox.js';
import { createBatch } from '#numerics/matrix/batch.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { MatrixInMemory } from '#numerics/matrix/matrix-in-memory.js';
import type { Estimated } from '#numerics/pairs/estimate.js';
import { PAIRWISE_DISTANCE } from '#numerics/pairs/pairwise.js';
import { UNIFORMITY } from '#numerics/pairs/uniformity.js';
import { type PairSampling, pairsToDraw } from '#numerics/random/pair-sampling.js';
import { forEachRandomPair } from '#numerics/random/random-pairs.js';

const SEEDS = Array.from({ length: 100 }, (_, seed) => seed);

function drawn(count: number, rows: number, seed: number): [number, number][] {
  const pairs: [number, number][] = [];
  forEachRandomPair(count, rows, seed, (i, j) => pairs.push([i, j]));
  return pairs;
}

/** Entries that are near N(0, 1): twelve of a sine's fractional digits, less 6. */
function normals(rows: number, cols: number): Matrix {
  const uniform = (k: number) => Math.abs(Math.sin(k * 12.9898) * 43758.5453) % 1;
  const normal = (k: number) =>
    Array.from({ length: 12 }, (_, m) => uniform(12 * k + m)).reduce((a, b) => a + b);
  return { data: Float64Array.from({ length: rows * cols }, (_, k) => normal(k + 1) - 6), rows, cols };
}

/** Rows sorted by cluster: ten tight ones of very different sizes, far apart. */
function sortedClusters(rows: number, cols: number): Matrix {
  const noise = normals(rows, cols).data;
  const centres = normals(10, cols).data;
  const clusterOf = (row: number) => Math.floor(10 * (row / rows) ** 2);
  const value = (x: number, k: number) =>
    100 * centres[clusterOf(Math.floor(k / cols)) * cols + (k % cols)]! + x / 1000;
  return { data: noise.map(value), rows, cols };
}

const distance = (matrix: Matrix, sampling?: PairSampling) =>
  new MatrixInMemory('prediction', matrix, sampling).get(PAIRWISE_DISTANCE);

const estimateOf = (matrix: Matrix, pairwise: number, seed: number) =>
  distance(matrix, { pairwise, seed }) as Estimated;

describe('how many pairs are drawn', () => {
  it.each([
    ['auto', 8192, 1024, null],
    ['auto', 200_001, 2, 1_000_000],
    ['auto', 200_000, 2, null],
    ['exact', 1_000_000, 256, null],
    [5000, 1000, 16, 5000],
    [5000, 100, 16, null],
    [4950, 100, 16, null],
    [4949, 100, 16, 4949],
    [100, 1, 16, null],
  ] as const)('%s of [%d, %d]: %s', (pairwise, rows, cols, pairs) =>
    expect(pairsToDraw(pairwise, rows, cols)).toBe(pairs),
  );
});

describe('the random pairs', () => {
  it('are those that the docstring describes', () => {
    const seed = 5 * 2 ** 32 + 7;
    const words = new Uint32Array(4);
    const index = (high: number, low: number, n: number) =>
      Number((((BigInt(high) << 21n) | (BigInt(low) >> 11n)) * BigInt(n)) >> 53n);
    for (const [k, pair] of drawn(50, 1000, seed).entries()) {
      philox4x32([k, 0, 1, 0], [7, 5], words);
      const i = index(words[0]!, words[1]!, 1000);
      const j = index(words[2]!, words[3]!, 999);
      expect(pair).toEqual([i, j < i ? j : j + 1]);
    }
  });

  it('are of different rows, each pair as likely as any other', () => {
    const counts = new Map<string, number>();
    for (const [i, j] of drawn(30_000, 6, 1)) {
      const pair = `${Math.min(i, j)} ${Math.max(i, j)}`;
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    expect(counts.size).toBe(15);
    const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    // 99.9 % of 14 degrees of freedom.
    expect(chiSquared).toBeLessThan(36.1);
  });

  it('depend on the seed, and on all of its bits', () => {
    expect(drawn(20, 1000, 3)).toEqual(drawn(20, 1000, 3));
    expect(drawn(20, 1000, 4)).not.toEqual(drawn(20, 1000, 3));
    expect(drawn(20, 1000, 3 + 2 ** 32)).not.toEqual(drawn(20, 1000, 3));
  });
});

describe.each([
  ['a Gaussian', normals(300, 8)],
  ['tight clusters, sorted by cluster', sortedClusters(400, 5)],
])('the estimate on %s', (_, matrix) => {
  const exact = distance(matrix) as number;
  const estimates = SEEDS.map((seed) => estimateOf(matrix, 2000, seed));
  const errors = estimates.map(({ value }) => value - exact);
  const stated = estimates.map(({ estimate }) => estimate.standardError);
  const meanSquare = (x: readonly number[]) => x.reduce((sum, y) => sum + y * y, 0) / x.length;

  it('lies within three stated standard errors for 97 of 100 seeds', () => {
    const within = errors.filter((error, k) => Math.abs(error) <= 3 * stated[k]!);
    expect(within.length).toBeGreaterThanOrEqual(97);
  });

  it('states the error that it has, and has no bias', () => {
    const ratio = Math.sqrt(meanSquare(errors) / meanSquare(stated));
    expect(ratio).toBeGreaterThan(0.75);
    expect(ratio).toBeLessThan(1.3);
    const bias = errors.reduce((a, b) => a + b) / errors.length;
    expect(Math.abs(bias)).toBeLessThan((4 * stated[0]!) / 10);
  });

  it('has the same bits for the same seed', () => {
    expect(estimateOf(matrix, 2000, 42)).toEqual(estimates[42]);
    expect(estimates[43]).not.toEqual(estimates[42]);
  });

  it('of uniformity lies within three stated standard errors for 97 of 100 seeds', () => {
    const uniformity = (sampling?: PairSampling) =>
      new MatrixInMemory('prediction', matrix, sampling).get(UNIFORMITY);
    const whole = uniformity() as number;
    const within = SEEDS.filter((seed) => {
      const { value, estimate } = uniformity({ pairwise: 2000, seed }) as Estimated;
      return Math.abs(value - whole) <= 3 * estimate.standardError;
    });
    expect(within.length).toBeGreaterThanOrEqual(97);
  });
});

describe('estimates', () => {
  it('above the limit: a ramp of 300000 rows has the mean distance (N + 1)/3', () => {
    const rows = 300_000;
    const ramp = { data: Float32Array.from({ length: rows }, (_, i) => i), rows, cols: 1 };
    const result = distance(ramp, { pairwise: 'auto', seed: 0 });
    const { value, estimate } = result as Estimated;
    expect(estimate).toMatchObject({ method: 'sampled', pairs: 1_000_000 });
    // The deviation of |i − j| is N/√18.
    expect(estimate.standardError / (rows / Math.sqrt(18) / 1000)).toBeCloseTo(1, 2);
    expect(Math.abs(value - (rows + 1) / 3)).toBeLessThan(3 * estimate.standardError);
  });

  it('of all pairs, or of more, are the exact value', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 9 }), (rows, cols) => {
        const matrix = normals(rows, cols);
        expect(distance(matrix, { pairwise: 100, seed: 1 })).toBe(distance(matrix));
      }),
    );
  });

  it('scale with the values, up to where their squares would overflow', () => {
    const { data, rows, cols } = normals(100, 7);
    const at = (exponent: number) => {
      const scaled = { data: data.map((x) => x * 2 ** exponent), rows, cols };
      return estimateOf(scaled, 500, 9);
    };
    const { value, estimate } = at(0);
    for (const exponent of [700, -700]) {
      expect(at(exponent)).toEqual({
        value: value * 2 ** exponent,
        estimate: { ...estimate, standardError: estimate.standardError * 2 ** exponent },
      });
    }
  });

  it('of identical rows are exactly 0', () => {
    const same = { data: new Float64Array(600).fill(0.1), rows: 200, cols: 3 };
    expect(distance(same, { pairwise: 100, seed: 0 })).toBe(0);
  });
});

it.each([
  { pairwise: 99 },
  { pairwise: 1000.5 },
  { pairwise: Number.NaN },
  { seed: -1 },
  { seed: 0.5 },
  { seed: 2 ** 53 },
])('a batch refuses %j', (options) => {
  const prediction = normals(4, 2);
  expect(() => createBatch({ prediction, target: null, ...options })).toThrow(
    expect.objectContaining({ code: 'E224' }),
  );
});
