import { meansFrom } from '#kernels/arrays.js';
import { currentKernels } from '#kernels/choose-kernels.js';
import type { AffineRows, MomentSums } from '#kernels/kernels.js';
import type { MatrixFold } from './matrix-view.js';
import { SURVEY } from './survey.js';
import { directedRows, UNIT_ROWS, writtenOut } from './unit-rows.js';

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
export const UNIT_MOMENTS: MatrixFold<BothUnitMoments> = {
  name: 'moments of the unit rows',
  needs: [SURVEY],
  part: (rows) => {
    const unit = rows.own(UNIT_ROWS);
    const all = momentsOf(unit);
    return { all, directed: unit.directions === unit.rows ? all : momentsOf(directedRows(rows)) };
  },
  join: (a, b) => {
    const all = together(a.all, b.all);
    const same = a.all === a.directed && b.all === b.directed;
    return { all, directed: same ? all : together(a.directed, b.directed) };
  },
};

/** Rows whose mean stands in for that of all at first. */
const SAMPLE_ROWS = 16;
/**
 * How much larger than about their mean the squares of any column may be about another point, for both to be had from
 * one pass: what is taken off then costs two bits of a sum's rounding.
 */
const MOST_OFF_MEAN = 4;

/**
 * Of affine rows. Sums are taken about the mean of some of them, so that an offset costs no digits; where that lies far
 * from the mean of all, squares are taken again.
 */
function momentsOf(affine: AffineRows): UnitMoments {
  const { rows, cols } = affine;
  if (rows === 0) return { rows, mean: new Float64Array(cols), squares: new Float64Array(cols) };
  const kernels = currentKernels();
  const sample = someOf(affine);
  const first = writtenOut({ ...sample, rows: 1 });
  const about = meansFrom(first, sample.rows, kernels.affineMoments(sample, first));
  const found = kernels.affineMoments(affine, about);
  const mean = meansFrom(about, rows, found);
  const squares = squaresAboutMean(rows, found);
  if (found.squares.every((s, j) => s <= MOST_OFF_MEAN * squares[j]!)) return { rows, mean, squares };
  return { rows, mean, squares: squaresAboutMean(rows, kernels.affineMoments(affine, mean)) };
}

/** The first row and others at even distances. */
function someOf({ x, rows, cols, centre, factors }: AffineRows): AffineRows {
  const count = SAMPLE_ROWS;
  if (rows <= count) return { x, rows, cols, centre, factors };
  const some = { x: x.slice(0, count * cols), factors: factors.slice(0, 3 * count) };
  for (let k = 1; k < count; k++) {
    const i = Math.floor((k * rows) / count);
    some.x.set(x.subarray(i * cols, (i + 1) * cols), k * cols);
    for (let j = 0; j < 3; j++) some.factors[3 * k + j] = factors[3 * i + j]!;
  }
  return { ...some, rows: count, cols, centre };
}

/** Σ (x − mean)² from the sums about another point. */
function squaresAboutMean(rows: number, { sums, squares }: MomentSums): Float64Array {
  const about = new Float64Array(squares.length);
  for (let j = 0; j < about.length; j++) about[j] = Math.max(0, squares[j]! - (sums[j]! * sums[j]!) / rows);
  return about;
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
