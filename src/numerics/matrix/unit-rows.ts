import { currentKernels } from '#kernels/choose-kernels.js';
import type { AffineRows } from '#kernels/kernels.js';
import { eachTimesPowerOfTwo, exponentOf } from '../floating/power-of-two.js';
import { isSafeSumOfSquares } from '../floating/sums.js';
import type { Rows, RowsOwn } from './matrix-view.js';
import { scaledRaw } from './scaled-values.js';
import { SURVEY } from './survey.js';

/**
 * The rows divided by their norms, u, as differences from one direction, the anchor: that of the column mean, or zeros
 * where there is none. Each difference u_i − anchor is affine in its row, so that it is never written out: a row of
 * zeros stays zero, which makes it −anchor.
 */
export interface UnitRows extends AffineRows {
  /** 1 for a row with a direction, 0 for a row of zeros, [rows]. */
  readonly hasDirection: Uint8Array;
  /** How many rows have a direction. */
  readonly directions: number;
}

/**
 * Unit rows that keep their differences: rows far from the origin and close together have almost one direction, and
 * dividing by the norm first would round away their differences.
 */
export const UNIT_ROWS: RowsOwn<UnitRows> = { name: 'unit rows', of: unitRows };

export interface RowSums {
  /** The rows in units of 2^exponent, which is 0 unless they are extreme. */
  readonly data: Float32Array | Float64Array;
  readonly exponent: number;
  /** The column means in the same unit. */
  readonly centre: Float64Array;
  /** Of each row ‖x‖², ‖x − c‖² and (x − c)·c, [rows, 3]. */
  readonly sums: Float64Array;
}

export const ROW_SUMS: RowsOwn<RowSums> = {
  name: 'sums of rows about the means',
  of: (view) => {
    const { rows, cols } = view;
    const { data, exponent } = scaledRaw(view);
    const centre = eachTimesPowerOfTwo(view.get(SURVEY).means, -exponent);
    return { data, exponent, centre, sums: currentKernels().rowSums(data, rows, cols, centre) };
  },
};

function unitRows(view: Rows): UnitRows {
  const { rows, cols } = view;
  const { data, centre, sums } = view.own(ROW_SUMS);
  let squaredCentre = 0;
  for (const c of centre) squaredCentre += c * c;
  const anchored = isSafeSumOfSquares(squaredCentre);
  const centreNorm = Math.sqrt(squaredCentre);
  const factors = new Float64Array(3 * rows);
  const hasDirection = new Uint8Array(rows).fill(1);
  let directions = rows;
  let x = data;
  for (let i = 0, at = 0; i < rows; i++, at += 3) {
    const squared = sums[at]!;
    const apart = sums[at + 1]!;
    if (anchored && apart < squaredCentre / 4) {
      // ‖c‖/‖x‖ − 1, from ‖x‖² = ‖c‖² + 2 c·d + ‖d‖² with d = x − c: u − anchor = (d + d·growth + c·growth)/‖c‖.
      const growth = Math.expm1(-0.5 * Math.log1p((2 * sums[at + 2]! + apart) / squaredCentre));
      factors[at] = 1;
      factors[at + 1] = (1 + growth) / centreNorm;
      factors[at + 2] = growth / centreNorm;
      continue;
    }
    let norm = Math.sqrt(squared);
    if (!isSafeSumOfSquares(squared)) {
      const [from, to] = [i * cols, (i + 1) * cols];
      const near1 = rowNear1(view.matrix.data.subarray(from, to));
      norm = Math.sqrt(near1.reduce((sum, v) => sum + v * v, 0));
      if (norm > 0 && x === data) x = data.slice();
      if (norm > 0) x.set(near1, from);
    }
    if (norm > 0) {
      factors[at + 1] = 1 / norm;
    } else {
      hasDirection[i] = 0;
      directions--;
    }
    factors[at + 2] = anchored ? -1 / centreNorm : 0;
  }
  return { x, rows, cols, centre, factors, hasDirection, directions };
}

/** A row in a unit of its own, near its largest entry, so that its squares neither over- nor underflow. */
function rowNear1(row: Float32Array | Float64Array): Float64Array {
  let largest = 0;
  for (const x of row) largest = Math.max(largest, Math.abs(x));
  return largest === 0
    ? new Float64Array(row.length)
    : eachTimesPowerOfTwo(new Float64Array(row), -exponentOf(largest));
}

/** The rows written out, [rows, cols]. */
export function writtenOut({ x, rows, cols, centre, factors }: AffineRows): Float64Array {
  const out = new Float64Array(rows * cols);
  for (let i = 0, k = 0; i < rows; i++) {
    const gamma = factors[3 * i]!;
    const alpha = factors[3 * i + 1]!;
    const beta = factors[3 * i + 2]!;
    for (let j = 0; j < cols; j++, k++) {
      const c = centre[j]!;
      out[k] = (x[k]! - c * gamma) * alpha + c * beta;
    }
  }
  return out;
}

/** The rows that have a direction. */
export function directedRows(view: Rows): AffineRows {
  const unit = view.own(UNIT_ROWS);
  const { x, rows, cols, centre, factors, hasDirection, directions } = unit;
  if (directions === rows) return unit;
  const kept = { x: new Float64Array(directions * cols), factors: new Float64Array(3 * directions) };
  for (let i = 0, next = 0; i < rows; i++) {
    if (hasDirection[i] === 0) continue;
    kept.x.set(x.subarray(i * cols, (i + 1) * cols), next * cols);
    kept.factors.set(factors.subarray(3 * i, 3 * i + 3), 3 * next);
    next++;
  }
  return { ...kept, rows: directions, cols, centre };
}
