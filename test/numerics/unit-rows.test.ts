import { afterEach, describe, expect, it } from 'vitest';
import { chooseKernels, currentKernels } from '#kernels/choose-kernels.js';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { MatrixInMemory } from '#numerics/matrix/matrix-in-memory.js';
import { type BothUnitMoments, UNIT_MOMENTS, type UnitMoments } from '#numerics/matrix/unit-moments.js';
import { directedRows, UNIT_ROWS, writtenOut } from '#numerics/matrix/unit-rows.js';
import { BUILDS } from '../kernels/builds.js';
import { gaussian } from '../metrics/gaussian.js';
import { filled, mapped } from '../metrics/matrices.js';
import { expectClose } from '../tolerances.js';

const usual = currentKernels();
afterEach(() => chooseKernels(usual));

/** Bits behind the point of the unit rows as whole numbers. */
const POINT = 300n;

/** A finite float64 in units of 2^-1074. */
function exactly(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & (2n ** 52n - 1n);
  const size = exponent === 0n ? fraction : (fraction + 2n ** 52n) << (exponent - 1n);
  return bits >> 63n === 0n ? size : -size;
}

function root(square: bigint): bigint {
  if (square < 2n) return square;
  let x = 2n ** BigInt((square.toString(16).length * 4) / 2 + 2);
  for (;;) {
    const next = (x + square / x) / 2n;
    if (next >= x) return x;
    x = next;
  }
}

/** Σ (u − ū)² of each dimension, by whole numbers of hundreds of digits. */
function exactSquares({ data, rows, cols }: Matrix): {
  all: number[];
  directed: number[];
  directions: number;
} {
  const units = Array.from({ length: rows }, (_, i) => {
    const row = Array.from(data.subarray(i * cols, (i + 1) * cols), exactly);
    const norm = root(row.reduce((sum, x) => sum + x * x, 0n) << (2n * POINT));
    return norm === 0n ? row : row.map((x) => (x << (2n * POINT)) / norm);
  });
  const squaresOf = (some: readonly bigint[][]) =>
    Array.from({ length: cols }, (_, j) => {
      const n = BigInt(some.length);
      if (n === 0n) return 0;
      const total = some.reduce((sum, u) => sum + u[j]!, 0n);
      const squares = some.reduce((sum, u) => sum + (n * u[j]! - total) ** 2n, 0n);
      return Number((squares << 900n) / (n * n) / 2n ** (2n * POINT)) / 2 ** 900;
    });
  const directed = units.filter((row) => row.some((u) => u !== 0n));
  return { all: squaresOf(units), directed: squaresOf(directed), directions: directed.length };
}

/** The root of Σ over dimensions, which is what the metrics are made of, as a share of what it should be. */
function expectSquares({ squares }: UnitMoments, expected: readonly number[], what: string): void {
  const rootOf = (x: Iterable<number>) => Math.sqrt([...x].reduce((sum, s) => sum + s, 0));
  const size = rootOf(expected);
  if (size === 0) expect(rootOf(squares), what).toBe(0);
  else expectClose(rootOf(squares) / size, 1, 'std_l2_normalized', what);
}

function moments(matrix: Matrix): BothUnitMoments {
  return new MatrixInMemory('prediction', matrix).get(UNIT_MOMENTS);
}

const single = ({ data, ...shape }: Matrix): Matrix => ({ ...shape, data: Float32Array.from(data) });
const noise = gaussian(140, 7, 1);
const tight = mapped(noise, (x, _, j) => 1000 + 100 * j + 1e-6 * x);
const withRow = (matrix: Matrix, at: number, row: (j: number) => number) =>
  mapped(matrix, (x, i, j) => (i === at ? row(j) : x));

const CASES: readonly [string, Matrix][] = [
  ['rows about the origin', noise],
  ['float32 rows about the origin', single(noise)],
  ['a tight cluster far from the origin', tight],
  ['a cluster as tight as float32 shows', single(mapped(noise, (x, _, j) => 3 + j + 1e-6 * x))],
  ['a tight cluster and an outlier that turns the anchor', withRow(tight, 70, (j) => (j === 3 ? -1e9 : 1e3))],
  ['the same with the outlier first', withRow(tight, 0, (j) => (j === 3 ? -1e9 : 1e3))],
  ['rows about the origin and an outlier first', withRow(noise, 0, (j) => (j === 2 ? 1e7 : 0))],
  ['two clusters', mapped(tight, (x, i) => (i % 2 === 0 ? x : -x))],
  ['rows whose mean is zero', mapped(noise, (_, i, j) => (j === i % 7 ? (i % 14 < 7 ? 1 : -1) : 0))],
  ['some rows of zeros', mapped(noise, (x, i) => (i % 5 === 0 ? 0 : x))],
  ['a tight cluster and rows of zeros', mapped(tight, (x, i) => (i % 50 === 0 ? 0 : x))],
  ['one row that is not zero', mapped(noise, (x, i) => (i === 3 ? x : 0))],
  ['rows of any size', mapped(noise, (x, i) => x * [1, 1e-200, 1e200, 1e-310][i % 4]!)],
  ['tiny rows beside ordinary ones', mapped(noise, (x, i) => x * (i % 3 === 0 ? 1e-200 : 1))],
  ['huge rows, some of zeros', mapped(noise, (x, i) => (i % 6 === 0 ? 0 : 1e300 * x))],
  ['a cluster at 1e200', mapped(tight, (x) => 1e200 * x)],
  ['rows that are zero but for a few entries', mapped(noise, (x) => Math.max(0, x - 1.5))],
  ['one row apart among equal ones', filled(1000, 4, (i, j) => (i === 500 && j === 3 ? 1 : 0.1 + j))],
  ['zeros', filled(5, 3, 0)],
  ['one row', gaussian(1, 9, 3)],
  ['two rows of one dimension', filled(2, 1, (i) => 2 - 5 * i)],
];

describe.each(BUILDS)('unit rows by $name kernels', (kernels) => {
  it.each(CASES)('%s', (what, matrix) => {
    chooseKernels(kernels);
    const expected = exactSquares(matrix);
    const { all, directed } = moments(matrix);
    expect(directed.rows).toBe(expected.directions);
    expect(all.rows).toBe(matrix.rows);
    expectSquares(all, expected.all, what);
    expectSquares(directed, expected.directed, `${what}, those with a direction`);
  });

  it('equal rows are equal to the last bit, wherever they are and whatever else there is', () => {
    chooseKernels(kernels);
    for (const outlier of [1, 1e9]) {
      const matrix = filled(130, 5, (i, j) => (i === 64 ? outlier * (j - 2) : 0.1 * (j + 1)));
      const { cols, ...rest } = new MatrixInMemory('prediction', matrix).own(UNIT_ROWS);
      const rows = writtenOut({ cols, ...rest });
      expect(rows.slice(0, cols)).toEqual(rows.slice(-cols));
      const before = { ...rest, cols, rows: 64 };
      const { squares } = kernels.affineMoments(before, rows.slice(0, cols));
      expect([...squares]).toEqual([0, 0, 0, 0, 0]);
    }
  });
});

describe('the rows written out', () => {
  it('are unit rows less one direction, and those of zeros that direction turned round', () => {
    const embedding = new MatrixInMemory(
      'prediction',
      mapped(noise, (x, i, j) => (i === 4 ? 0 : x + j)),
    );
    const unit = embedding.own(UNIT_ROWS);
    const offsets = writtenOut(unit);
    const anchor = offsets.slice(4 * 7, 5 * 7).map((x) => -x);
    expectClose(Math.hypot(...anchor), 1, 'kernel');
    for (let i = 0; i < unit.rows; i++) {
      const u = Array.from(offsets.subarray(i * 7, (i + 1) * 7), (o, j) => o + anchor[j]!);
      if (i === 4) expect(u.every((x) => x === 0)).toBe(true);
      else expectClose(Math.hypot(...u), 1, 'kernel');
    }
    const directed = writtenOut(directedRows(embedding));
    expect(directed).toEqual(Float64Array.of(...offsets.slice(0, 28), ...offsets.slice(35)));
  });

  it('leave what they were made of alone', () => {
    const matrix = mapped(noise, (x, i) => x * [1, 1e-200, 1e200][i % 3]!);
    const before = matrix.data.slice();
    new MatrixInMemory('prediction', matrix).get(UNIT_MOMENTS);
    expect(matrix.data).toEqual(before);
  });
});
