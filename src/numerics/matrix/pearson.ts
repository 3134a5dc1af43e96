import { exponentOf, timesPowerOfTwo } from '../floating/power-of-two.js';
import { RunningSum } from '../floating/running-sum.js';
import { sumOf } from '../floating/sums.js';
import { COLUMN_MOMENTS } from './column-moments.js';
import { columnProducts, OWN_COLUMN_PRODUCTS } from './column-products.js';
import { WHOLE } from './gather-rows.js';
import { MatrixInMemory } from './matrix-in-memory.js';
import type { MatrixNeeds, MatrixView } from './matrix-view.js';
import type { StepDerived, StepFold } from './step-view.js';
import { SURVEY } from './survey.js';

/** Σ over rows and columns of (p − its column's mean)(t − its column's mean), the means as they are rounded. */
const CENTRED_PRODUCT: StepFold<number> = {
  name: 'centred product',
  reads: ['prediction', 'target'],
  needs: { prediction: [SURVEY], target: [SURVEY] },
  part: (rows) => sumOf(rows.own(OWN_COLUMN_PRODUCTS)),
  join: (a, b) => a + b,
};

/**
 * Pearson correlation of prediction and target flattened to vectors; 0 if either is constant, and always within
 * [-1, 1]. Its absolute error is about 1e-16 √(N·D), so a correlation near 0 has that floor.
 */
export const FLATTENED_PEARSON: StepDerived<number> = {
  name: 'flattened correlation',
  reads: ['prediction', 'target'],
  needs: {
    prediction: [SURVEY, COLUMN_MOMENTS],
    target: [SURVEY, COLUMN_MOMENTS],
    step: [CENTRED_PRODUCT],
  },
  thenNeeds: ({ prediction, target }) => {
    const areSafe = unitOf(prediction) === 0 && unitOf(target!) === 0;
    const needs: MatrixNeeds = areSafe || isConstant(prediction) || isConstant(target!) ? [] : [WHOLE];
    return { prediction: needs, target: needs };
  },
  from: (batch) => {
    const [a, b] = [batch.prediction, batch.target!];
    if (isConstant(a) || isConstant(b)) return 0;
    const p = inSafeUnits(a);
    const t = inSafeUnits(b);
    const product =
      p === a && t === b
        ? batch.get(CENTRED_PRODUCT)
        : sumOf(columnProducts(p.rowsInMemory ?? p.get(WHOLE), t.rowsInMemory ?? t.get(WHOLE)));
    const [pMoments, tMoments] = [p.get(COLUMN_MOMENTS), t.get(COLUMN_MOMENTS)];
    const pOffsets = columnOffsets(p);
    const tOffsets = columnOffsets(t);
    const pp = sumOf(pMoments.squares) + p.rows * dot(pOffsets, pOffsets);
    const tt = sumOf(tMoments.squares) + t.rows * dot(tOffsets, tOffsets);
    const remainders = p.rows * dot(pMoments.residual, tMoments.residual);
    const pt = product - remainders + p.rows * dot(pOffsets, tOffsets);
    return Math.max(-1, Math.min(1, pt / (Math.sqrt(pp) * Math.sqrt(tt))));
  },
};

function isConstant(view: MatrixView): boolean {
  const { lowest, highest } = view.get(SURVEY);
  return lowest === highest;
}

/** The exponent of a unit near the range, where its squares would over- or underflow; else 0. */
function unitOf(view: MatrixView): number {
  const { lowest, highest } = view.get(SURVEY);
  const range = highest - lowest;
  const exponent = Number.isFinite(range) ? exponentOf(range) : 1024;
  return exponent <= 400 && exponent >= -400 ? 0 : exponent;
}

function inSafeUnits(view: MatrixView): MatrixView {
  const exponent = unitOf(view);
  if (exponent === 0) return view;
  const { data, rows, cols } = view.get(WHOLE).matrix;
  const scaled = Float64Array.from(data, (x) => timesPowerOfTwo(x, -exponent));
  return new MatrixInMemory(view.role, { data: scaled, rows, cols });
}

/** Column means less the grand mean, [cols]; differences from one of them first, so that an offset costs no digits. */
function columnOffsets(view: MatrixView): Float64Array {
  const { means } = view.get(SURVEY);
  const { residual } = view.get(COLUMN_MOMENTS);
  const origin = means[0]!;
  const offsets = new Float64Array(means.length);
  for (let j = 0; j < offsets.length; j++) offsets[j] = means[j]! - origin + residual[j]!;
  const grand = sumOf(offsets) / view.cols;
  for (let j = 0; j < offsets.length; j++) offsets[j] = offsets[j]! - grand;
  return offsets;
}

function dot(x: Float64Array, y: Float64Array): number {
  const total = new RunningSum();
  for (let k = 0; k < x.length; k++) total.add(x[k]! * y[k]!);
  return total.value;
}
