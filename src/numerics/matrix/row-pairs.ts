import { currentKernels } from '#kernels/choose-kernels.js';
import { exponentOf, timesPowerOfTwo } from '../floating/power-of-two.js';
import { RunningSum } from '../floating/running-sum.js';
import { isOrdinary, isSafeSumOfSquares } from '../floating/sums.js';
import { ABOUT_MEANS, CENTRE } from './column-moments.js';
import { difference } from './difference.js';
import type { Matrix } from './matrix.js';
import type { Rows } from './matrix-view.js';
import { SCALED_CENTRED } from './scaled-values.js';
import type { Side, StepFold, StepNeeds, StepOwn, StepRows } from './step-view.js';
import { SURVEY } from './survey.js';

/** A mean over so many rows. */
export interface RowMean {
  readonly rows: number;
  readonly mean: number;
}

const BOTH = ['prediction', 'target'] as const;

/** A mean over all rows of the step, of a mean over some. */
export function meanOverRows(
  name: string,
  of: (rows: StepRows) => number,
  needs: StepNeeds = {},
  reads: readonly Side[] = BOTH,
): StepFold<RowMean> {
  return {
    name,
    reads,
    needs,
    part: (step) => ({ rows: step.target!.rows, mean: of(step) }),
    join: (a, b) => {
      const rows = a.rows + b.rows;
      // Shares before sums: the mean may fit where a sum does not.
      return { rows, mean: a.mean * (a.rows / rows) + b.mean * (b.rows / rows) };
    },
  };
}

/** ‖p‖², ‖t‖², p·t and ‖p − t‖² of each pair of rows, [rows, 4]. */
export const ROW_PAIR_SUMS: StepOwn<Float64Array> = {
  name: 'sums over pairs of rows',
  of: ({ prediction, target }) => rowPairSums(prediction.matrix, target!.matrix),
};

/** Between prediction and target, as they are. */
export const ROW_COSINE = meanOverRows('mean cosine', (rows) => {
  const { prediction, target } = rows;
  return meanCosine(
    () => prediction.matrix,
    () => target!.matrix,
    rows.own(ROW_PAIR_SUMS),
  );
});

/** Between prediction and target, each about its own column means. */
export const CENTRED_ROW_COSINE = meanOverRows(
  'mean centred cosine',
  ({ prediction, target }) => meanCentredCosine(prediction, target!),
  { prediction: ABOUT_MEANS, target: ABOUT_MEANS },
);

/** Between what prediction and target change of the context. */
export const CHANGE_COSINE = meanOverRows(
  'mean cosine of the changes',
  ({ prediction, target, context }) =>
    meanMatrixCosine(difference(prediction, context!), difference(target!, context!)),
  {},
  [...BOTH, 'context'],
);

/** Between prediction and target. */
export const ROW_DISTANCE = meanOverRows('mean distance', (rows) =>
  meanRowDistance(rows.prediction, rows.target!, rows.own(ROW_PAIR_SUMS)),
);

/** The same sums of any two matrices. */
export function rowPairSums(a: Matrix, b: Matrix): Float64Array {
  return currentKernels().rowPairSums({ x: a.data, y: b.data, rows: a.rows, cols: a.cols });
}

/** The mean over rows of cos(a_i, b_i); a row where either norm is 0 counts as 0. [rows, cols] each. */
function meanMatrixCosine(a: Matrix, b: Matrix): number {
  return meanCosine(
    () => a,
    () => b,
    rowPairSums(a, b),
  );
}

/** The same after each matrix has lost its column means. */
function meanCentredCosine(a: Rows, b: Rows): number {
  const { rows, cols } = a;
  const centred = (view: Rows) => ({ data: view.own(SCALED_CENTRED).data, rows, cols });
  // Copies are made only where the kernel, which centres while it reads, would leave the range of float64.
  if (![a, b].every((view) => isOrdinary(view.get(SURVEY).spread)))
    return meanMatrixCosine(centred(a), centred(b));
  const pair = { x: a.matrix.data, y: b.matrix.data, rows, cols };
  const sums = currentKernels().rowPairSums(pair, a.get(CENTRE), b.get(CENTRE));
  return meanCosine(
    () => centred(a),
    () => centred(b),
    sums,
  );
}

/** @param sums of `rowPairSums`; the matrices are looked at where a row's squares over- or underflow. */
function meanCosine(a: () => Matrix, b: () => Matrix, sums: Float64Array): number {
  const sum = new RunningSum();
  const rows = sums.length / 4;
  for (let i = 0; i < rows; i++) {
    const pp = sums[4 * i]!;
    const tt = sums[4 * i + 1]!;
    if (isSafeSumOfSquares(pp) && isSafeSumOfSquares(tt)) {
      sum.add(cosineOf(pp, tt, sums[4 * i + 2]!));
    } else {
      const { data, cols } = a();
      sum.add(scaledCosine(data, b().data, i * cols, (i + 1) * cols));
    }
  }
  return sum.value / rows;
}

export function cosineOf(pp: number, tt: number, pt: number): number {
  return Math.max(-1, Math.min(1, pt / (Math.sqrt(pp) * Math.sqrt(tt))));
}

type Values = Float32Array | Float64Array;

/** For rows whose squares over- or underflow: each side divided by a power of two near its own largest entry. */
export function scaledCosine(p: Values, t: Values, start: number, end: number): number {
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
function meanRowDistance(a: Rows, b: Rows, sums: Float64Array): number {
  const { rows, cols } = a;
  const p = a.matrix.data;
  const t = b.matrix.data;
  const sum = new RunningSum();
  for (let i = 0; i < rows; i++) {
    const s = sums[4 * i + 3]!;
    // Divided by N before it is added: the mean may fit where a distance or the sum does not.
    sum.add(
      isSafeSumOfSquares(s) ? Math.sqrt(s) / rows : scaledDistanceShare(p, t, i * cols, (i + 1) * cols, rows),
    );
  }
  return sum.value;
}

/** Σ ‖a_i − b_i‖² from their sums; 0 or Infinity, or something near them, where squares under- or overflow. */
export function sumOfSquaredDistances(sums: Float64Array): number {
  const total = new RunningSum();
  for (let k = 3; k < sums.length; k += 4) total.add(sums[k]!);
  return total.value;
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
