import { currentKernels } from '../kernels/choose-kernels.js';
import { columnMeans } from './column-moments.js';
import type { Embedding } from './embedding.js';
import type { RowFold } from './row-fold.js';
import { directionOffsets, unitRows } from './unit-rows.js';

/** Of some rows divided by their norms: how many they are, and their column means and Σ (u − ū)², [cols] each. */
export interface UnitMoments {
  readonly rows: number;
  readonly mean: Float64Array;
  readonly squares: Float64Array;
}

export interface BothUnitMoments {
  /** Of all rows; a row of zeros stays zero. */
  readonly all: UnitMoments;
  /** Of the rows that have a direction. */
  readonly directed: UnitMoments;
}

/** The moments of the unit rows, of blocks put together as Chan, Golub & LeVeque (1983) do: no square is cancelled. */
export const UNIT_MOMENTS: RowFold<Embedding, BothUnitMoments> = {
  part: (embedding) => {
    const { rows, cols } = embedding;
    const { offsets, directions } = embedding.shared(unitRows);
    const all = momentsOf(offsets, rows, cols);
    const directed = directions === rows ? all : momentsOf(directionOffsets(embedding), directions, cols);
    return { all, directed };
  },
  join: (a, b) => {
    const all = together(a.all, b.all);
    const same = a.all === a.directed && b.all === b.directed;
    return { all, directed: same ? all : together(a.directed, b.directed) };
  },
};

/** Of the rows of `x` [rows, cols], two-pass. */
function momentsOf(x: Float64Array, rows: number, cols: number): UnitMoments {
  if (rows === 0) return { rows, mean: new Float64Array(cols), squares: new Float64Array(cols) };
  const mean = columnMeans({ data: x, rows, cols });
  return { rows, mean, squares: currentKernels().columnMoments(x, rows, cols, mean).squares };
}

function together(a: UnitMoments, b: UnitMoments): UnitMoments {
  if (a.rows === 0) return b;
  if (b.rows === 0) return a;
  const rows = a.rows + b.rows;
  const share = b.rows / rows;
  const apart = b.mean.map((m, j) => m - a.mean[j]!);
  return {
    rows,
    mean: a.mean.map((m, j) => m + apart[j]! * share),
    squares: a.squares.map((s, j) => s + b.squares[j]! + apart[j]! * apart[j]! * a.rows * share),
  };
}
