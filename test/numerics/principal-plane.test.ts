import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { MatrixInMemory } from '#numerics/matrix/matrix-in-memory.js';
import { PRINCIPAL_PLANE } from '#numerics/spectra/principal-plane.js';
import { gaussian } from '../metrics/gaussian.js';

/** The variance of the rows along a direction, and the product of their coordinates along two. */
function along({ data, rows, cols }: Matrix, x: Float64Array, y = x): number {
  const coordinate = (direction: Float64Array) =>
    Array.from({ length: rows }, (_, i) => direction.reduce((s, v, j) => s + v * data[i * cols + j]!, 0));
  const [a, b] = [coordinate(x), coordinate(y)];
  const mean = (values: number[]) => values.reduce((s, v) => s + v, 0) / rows;
  const [meanA, meanB] = [mean(a), mean(b)];
  return mean(a.map((v, i) => (v - meanA) * (b[i]! - meanB)));
}

function total(matrix: Matrix): number {
  let sum = 0;
  for (let j = 0; j < matrix.cols; j++) {
    sum += along(matrix, new Float64Array(matrix.cols).fill(0).fill(1, j, j + 1));
  }
  return sum;
}

/** Column j has a standard deviation of 0.7^j, and sits away from 0. */
function tilted(rows: number, cols: number, seed: number, scale = 1): Matrix {
  const { data } = gaussian(rows, cols, seed);
  return { data: data.map((x, k) => scale * (3 + x * 0.7 ** (k % cols))), rows, cols };
}

const planeOf = (matrix: Matrix) => new MatrixInMemory('target', matrix).get(PRINCIPAL_PLANE);

it.each([
  ['more rows than dimensions', 60, 12],
  ['more dimensions than rows', 12, 60],
  ['as many', 20, 20],
])('the variance along its directions is their share of the whole: %s', (_, rows, cols) => {
  fc.assert(
    fc.property(fc.nat(1000), fc.constantFrom(1, 1e-30, 1e30), (seed, scale) => {
      const matrix = tilted(rows, cols, seed, scale);
      const { directions, shares } = planeOf(matrix)!;
      const whole = total(matrix);
      for (const [k, direction] of directions.entries()) {
        expect(along(matrix, direction) / whole).toBeCloseTo(shares[k]!, 9);
        expect(direction.reduce((s, v) => s + v * v, 0)).toBeCloseTo(1, 12);
        expect(Math.max(...direction)).toBe(Math.max(...direction.map(Math.abs)));
      }
      expect(along(matrix, ...directions) / whole).toBeCloseTo(0, 4);
    }),
    { numRuns: 30 },
  );
});

it('extreme values have the directions of ordinary ones', () => {
  const plain = planeOf(tilted(30, 8, 1))!;
  for (const scale of [1e-200, 1e200]) {
    const { directions, shares } = planeOf(tilted(30, 8, 1, scale))!;
    for (const k of [0, 1]) {
      expect(shares[k]).toBeCloseTo(plain.shares[k]!, 9);
      for (const [j, x] of directions[k]!.entries()) expect(x).toBeCloseTo(plain.directions[k]![j]!, 7);
    }
  }
});

it('a line has no second direction, and equal rows have none', () => {
  const line = Float64Array.from({ length: 40 }, (_, k) => Math.floor(k / 4) * ((k % 4) + 1));
  const { directions, shares } = planeOf({ data: line, rows: 10, cols: 4 })!;
  expect(shares).toEqual([1, 0]);
  expect([...directions[1]]).toEqual([0, 0, 0, 0]);
  for (const [j, x] of directions[0].entries()) expect(x).toBeCloseTo((j + 1) / Math.sqrt(30), 10);
  expect(planeOf({ data: new Float64Array(40).fill(0.1), rows: 10, cols: 4 })).toBeNull();
});
