import { describe, expect, it } from 'vitest';
import type { Matrix } from '#numerics/matrix/matrix.js';
import { summariseValues } from '#numerics/matrix/value-summary.js';

const matrix = (rows: readonly (readonly number[])[]): Matrix => ({
  data: Float64Array.from(rows.flat()),
  rows: rows.length,
  cols: rows[0]?.length ?? 0,
});

describe('what a matrix holds', () => {
  it('norms, variance and constant dimensions', () => {
    expect(
      summariseValues(
        matrix([
          [3, 4, 7],
          [0, 0, 7],
        ]),
      ),
    ).toEqual({
      finiteRows: 2,
      nonFinite: { nan: 0, infinite: 0, first: null },
      elements: { min: 0, mean: 3.5, max: 7 },
      rowNorms: { min: 7, mean: (7 + Math.sqrt(74)) / 2, max: Math.sqrt(74) },
      variancePerDim: { min: 0, mean: 6.25 / 3, max: 4 },
      constantDims: 1,
    });
  });

  it('leaves rows with NaN and Inf out, and says where the first is', () => {
    const { finiteRows, nonFinite, elements } = summariseValues(
      matrix([
        [1, 2],
        [3, Number.NaN],
        [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
        [5, 6],
      ]),
    );
    expect(nonFinite).toEqual({ nan: 1, infinite: 2, first: { row: 1, column: 1 } });
    expect({ finiteRows, elements }).toEqual({ finiteRows: 2, elements: { min: 1, mean: 3.5, max: 6 } });
  });

  it('has no range without a finite row, nor one beyond float64', () => {
    const none = { elements: null, rowNorms: null, variancePerDim: null, constantDims: null };
    expect(summariseValues(matrix([[Number.NaN]]))).toMatchObject(none);
    expect(summariseValues(matrix([]))).toMatchObject({ ...none, finiteRows: 0 });
    expect(summariseValues(matrix([[1e200], [-1e200]]))).toMatchObject({
      rowNorms: { min: 1e200, max: 1e200 },
      variancePerDim: null,
    });
    expect(summariseValues(matrix([[3e-200, 4e-200]])).rowNorms!.max).toBeCloseTo(5e-200, 210);
  });

  it('a large constant column has variance exactly 0', () => {
    expect(summariseValues(matrix([[0.1], [0.1], [0.1]]))).toMatchObject({
      variancePerDim: { max: 0 },
      constantDims: 1,
    });
  });
});
