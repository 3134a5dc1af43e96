import type { BatchRows } from './batch.js';
import { difference } from './difference.js';
import { isSafeSumOfSquares } from './embedding.js';
import type { Matrix } from './matrix.js';
import { exponentOf, timesPowerOfTwo } from './power-of-two.js';
import type { RowFold } from './row-fold.js';
import { RunningSum } from './running-sum.js';
import { scaledCentred } from './scaled-values.js';

/** A mean over so many rows. */
export interface RowMean {
  readonly rows: number;
  readonly mean: number;
}

function meanOverRows(of: (rows: BatchRows) => number): RowFold<BatchRows, RowMean> {
  return {
    part: (batch) => ({ rows: batch.prediction.rows, mean: of(batch) }),
    join: (a, b) => {
      const rows = a.rows + b.rows;
      // Shares before sums: the mean may fit where a sum does not.
      return { rows, mean: a.mean * (a.rows / rows) + b.mean * (b.rows / rows) };
    },
  };
}

/** Between prediction and target, as they are. */
export const ROW_COSINE = meanOverRows(({ prediction, target }) =>
  meanRowCosine(prediction.matrix, target!.matrix),
);

/** Between prediction and target, each about its own column means. */
export const CENTRED_ROW_COSINE = meanOverRows(({ prediction, target }) => {
  const { rows, cols } = prediction;
  const { data: p } = prediction.shared(scaledCentred);
  const { data: t } = target!.shared(scaledCentred);
  return meanRowCosine({ data: p, rows, cols }, { data: t, rows, cols });
});

/** Between what prediction and target change of the context. */
export const CHANGE_COSINE = meanOverRows(({ prediction, target, context }) =>
  meanRowCosine(difference(prediction, context!), difference(target!, context!)),
);

/** Between prediction and target. */
export const ROW_DISTANCE = meanOverRows(({ prediction, target }) =>
  meanRowDistance(prediction.matrix, target!.matrix),
);

/** The mean over rows of cos(a_i, b_i); a row where either norm is 0 counts as 0. [rows, cols] each. */
export function meanRowCosine(a: Matrix, b: Matrix): number {
  const { rows, cols } = a;
  const p = a.data;
  const t = b.data;
  const sum = new RunningSum();
  for (let i = 0; i < rows; i++) {
    const start = i * cols;
    let pp = 0;
    let tt = 0;
    let pt = 0;
    for (let k = start; k < start + cols; k++) {
      const x = p[k]!;
      const y = t[k]!;
      pp += x * x;
      tt += y * y;
      pt += x * y;
    }
    if (isSafeSumOfSquares(pp) && isSafeSumOfSquares(tt)) sum.add(cosineOf(pp, tt, pt));
    else sum.add(scaledCosine(p, t, start, start + cols));
  }
  return sum.value / rows;
}

function cosineOf(pp: number, tt: number, pt: number): number {
  return Math.max(-1, Math.min(1, pt / (Math.sqrt(pp) * Math.sqrt(tt))));
}

type Values = Float32Array | Float64Array;

/** For rows whose squares over- or underflow: each side divided by a power of two near its own largest entry. */
function scaledCosine(p: Values, t: Values, start: number, end: number): number {
  const largestP = largestMagnitude(p, start, end);
  const largestT = largestMagnitude(t, start, end);
  if (largestP === 0 || largestT === 0) return 0;
  const eP = -exponentOf(largestP);
  const eT = -exponentOf(largestT);
  let pp = 0;
  let tt = 0;
  let pt = 0;
  for (let k = start; k < end; k++) {
    const x = timesPowerOfTwo(p[k]!, eP);
    const y = timesPowerOfTwo(t[k]!, eT);
    pp += x * x;
    tt += y * y;
    pt += x * y;
  }
  return cosineOf(pp, tt, pt);
}

/** The mean over rows of ‖a_i − b_i‖₂; Infinity if it overflows. [rows, cols] each. */
export function meanRowDistance(a: Matrix, b: Matrix): number {
  const { rows, cols } = a;
  const p = a.data;
  const t = b.data;
  const sum = new RunningSum();
  for (let i = 0; i < rows; i++) {
    const start = i * cols;
    let s = 0;
    for (let k = start; k < start + cols; k++) {
      const d = p[k]! - t[k]!;
      s += d * d;
    }
    // Divided by N before it is added: the mean may fit where a distance or the sum does not.
    sum.add(
      isSafeSumOfSquares(s) ? Math.sqrt(s) / rows : scaledDistanceShare(p, t, start, start + cols, rows),
    );
  }
  return sum.value;
}

/** One row's distance / N where its squared differences over- or underflow: in units of the largest difference. */
function scaledDistanceShare(p: Values, t: Values, start: number, end: number, rows: number): number {
  let largest = 0;
  for (let k = start; k < end; k++) largest = Math.max(largest, Math.abs(p[k]! - t[k]!));
  if (largest === 0) return 0;
  // A difference of float64 values may pass the largest one, but not 2^1025.
  const overflows = largest === Number.POSITIVE_INFINITY;
  const e = overflows ? 1024 : exponentOf(largest);
  let s = 0;
  for (let k = start; k < end; k++) {
    const d = overflows
      ? timesPowerOfTwo(p[k]!, -e) - timesPowerOfTwo(t[k]!, -e)
      : timesPowerOfTwo(p[k]! - t[k]!, -e);
    s += d * d;
  }
  return timesPowerOfTwo(Math.sqrt(s) / rows, e);
}

function largestMagnitude(x: Values, start: number, end: number): number {
  let largest = 0;
  for (let k = start; k < end; k++) largest = Math.max(largest, Math.abs(x[k]!));
  return largest;
}
