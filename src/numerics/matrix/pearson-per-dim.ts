import { exponentOf, timesPowerOfTwo } from '../floating/power-of-two.js';
import { isOrdinary } from '../floating/sums.js';
import { ABOUT_MEANS, CENTRE, CENTRED, MOMENT_SUMS } from './column-moments.js';
import { OWN_COLUMN_PRODUCTS } from './column-products.js';
import { OWN_COLUMN_SQUARES } from './column-squares.js';
import type { MatrixView } from './matrix-view.js';
import type { Batch, StepFold, StepRows } from './step-view.js';
import { constantColumns, SURVEY } from './survey.js';

/** Sums over rows of squares and products of the centred columns, each column in a unit near its own range. */
export interface ColumnProducts {
  readonly pp: Float64Array;
  readonly tt: Float64Array;
  readonly pt: Float64Array;
}

export const COLUMN_PRODUCTS: StepFold<ColumnProducts> = {
  name: 'column products',
  reads: ['prediction', 'target'],
  needs: { prediction: ABOUT_MEANS, target: ABOUT_MEANS },
  part: (step) => {
    const { prediction, target } = step;
    const { cols } = prediction;
    const [pUnits, tUnits] = [columnUnits(prediction), columnUnits(target!)];
    if (pUnits === null && tUnits === null) return ordinaryProducts(step);
    const p = inUnits(prediction.own(CENTRED), pUnits);
    const t = inUnits(target!.own(CENTRED), tUnits);
    const pp = new Float64Array(cols);
    const tt = new Float64Array(cols);
    const pt = new Float64Array(cols);
    for (let k = 0; k < p.length; ) {
      for (let j = 0; j < cols; j++, k++) {
        pp[j] = pp[j]! + p[k]! * p[k]!;
        tt[j] = tt[j]! + t[k]! * t[k]!;
        pt[j] = pt[j]! + p[k]! * t[k]!;
      }
    }
    return { pp, tt, pt };
  },
  join: (a, b) => ({
    pp: a.pp.map((x, j) => x + b.pp[j]!),
    tt: a.tt.map((x, j) => x + b.tt[j]!),
    pt: a.pt.map((x, j) => x + b.pt[j]!),
  }),
};

/** Columns of ordinary range need no unit, and no centred copy. */
function ordinaryProducts(step: StepRows): ColumnProducts {
  const { prediction: a, target } = step;
  const b = target!;
  const { rows } = a;
  const [p, t] = [a.get(CENTRE).residual, b.get(CENTRE).residual];
  const [pSums, tSums] = [a.own(MOMENT_SUMS).sums, b.own(MOMENT_SUMS).sums];
  // Σ (d − p)(e − t) of d and e about the means as they are rounded, p and t being what rounding left out.
  const pt = step
    .own(OWN_COLUMN_PRODUCTS)
    .map((sum, j) => sum - t[j]! * pSums[j]! - p[j]! * tSums[j]! + rows * p[j]! * t[j]!);
  return { pp: a.own(OWN_COLUMN_SQUARES).sums, tt: b.own(OWN_COLUMN_SQUARES).sums, pt };
}

/**
 * The mean over dimensions of the Pearson correlation of the two columns; a constant column counts 0. Within [-1, 1].
 */
export function meanPearsonPerDim(batch: Batch): number {
  const { prediction: a, target: b } = batch;
  const { pp, tt, pt } = batch.get(COLUMN_PRODUCTS);
  const [isConstantA, isConstantB] = [constantColumns(a), constantColumns(b!)];
  let sum = 0;
  for (let j = 0; j < a.cols; j++) {
    if (isConstantA[j] === 1 || isConstantB[j] === 1 || pp[j] === 0 || tt[j] === 0) continue;
    sum += Math.max(-1, Math.min(1, pt[j]! / (Math.sqrt(pp[j]!) * Math.sqrt(tt[j]!))));
  }
  return sum / a.cols;
}

/** Exponents of two [cols], 0 for a column of ordinary range; null where all of them are. */
function columnUnits(view: MatrixView): Int32Array | null {
  const { min, max } = view.get(SURVEY);
  let units: Int32Array | null = null;
  for (let j = 0; j < min.length; j++) {
    const range = max[j]! - min[j]!;
    if (isOrdinary(range)) continue;
    units ??= new Int32Array(min.length);
    units[j] = exponentOf(range);
  }
  return units;
}

function inUnits(centred: Float64Array, units: Int32Array | null): Float64Array {
  if (units === null) return centred;
  return centred.map((x, k) => timesPowerOfTwo(x, -units[k % units.length]!));
}
