import { exponentOf } from '../floating/power-of-two.js';
import { ABOUT_MEANS, CENTRE } from '../matrix/column-moments.js';
import type { MatrixDerived, MatrixView } from '../matrix/matrix-view.js';
import { SURVEY } from '../matrix/survey.js';
import { randomSlices } from '../random/random-slices.js';
import { CENTRED_GRAM, type Gram } from './gram.js';
import { CENTRED_SPECTRUM } from './spectrum.js';

/** The two directions along which the rows of a matrix vary most. */
export interface PrincipalPlane {
  /** Unit vectors, [cols] each, their largest entry above 0; all 0 where the rows do not vary along so many. */
  readonly directions: readonly [Float64Array, Float64Array];
  /** Of the variance, the larger first. */
  readonly shares: readonly [number, number];
}

/** Where a direction may still hold this share of others, it is as good as theirs on a drawing. */
const LEFT_OF_OTHERS = 1e-8;
const MOST_ROUNDS = 40;

/**
 * The plane of the first two principal components, for drawing; null where all rows are the same or the matrix overflows.
 * Directions of nearly equal variance are mixed: no other direction in the plane is better.
 */
export const PRINCIPAL_PLANE: MatrixDerived<PrincipalPlane | null> = {
  name: 'principal plane',
  needs: [CENTRED_GRAM, CENTRED_SPECTRUM, ...ABOUT_MEANS],
  from: (view) => {
    const { eigenvalues } = view.get(CENTRED_SPECTRUM);
    const total = eigenvalues.reduce((sum, x) => sum + x, 0);
    if (!(total > 0)) return null;
    const gram = view.get(CENTRED_GRAM);
    const [first = 0, second = 0, third = 0] = eigenvalues.subarray(0, 3).map((x) => x / total);
    const found: Float64Array[] = [];
    for (const [own, next] of [
      [first, second],
      [second, third],
    ] as const) {
      found.push(own > 0 ? leadingVector(gram, own, next, found) : new Float64Array(gram.order));
    }
    const [x, y] = overColumns(view, found[0]!, found[1]!);
    return { directions: [positive(x), positive(y)], shares: [first, second] };
  },
};

/**
 * The eigenvector of the largest eigenvalue that is left without those of `before`, by Chebyshev polynomials that are
 * small on [0, `next`] (Saad 1984); `own` and `next` are shares of the trace.
 */
function leadingVector(gram: Gram, own: number, next: number, before: readonly Float64Array[]): Float64Array {
  const { order } = gram;
  let trace = 0;
  for (let i = 0; i < order; i++) trace += gram.data[i * order + i]!;
  const half = (trace * Math.max(next, own * 2 ** -40)) / 2;
  const growth = Math.acosh(Math.max(1, (trace * own) / half - 1));
  const rounds = Math.min(MOST_ROUNDS, Math.ceil(Math.acosh(1 / LEFT_OF_OTHERS) / growth));
  let current = randomSlices(before.length + 1, order, 0).subarray(before.length * order);
  let previous = new Float64Array(order);
  for (let round = 0; round < rounds; round++) {
    const factor = round === 0 ? 1 : 2;
    const product = timesSymmetric(gram, current);
    const following = product.map((x, i) => factor * (x / half - current[i]!) - previous[i]!);
    for (const other of before) {
      const along = dot(following, other);
      for (let i = 0; i < order; i++) following[i] = following[i]! - along * other[i]!;
    }
    const norm = Math.sqrt(dot(following, following));
    previous = current.map((x) => x / norm);
    current = following.map((x) => x / norm);
  }
  return current;
}

function timesSymmetric({ data, order }: Gram, x: Float64Array): Float64Array {
  const y = new Float64Array(order);
  for (let i = 0, k = 0; i < order; i++, k = i * order) {
    const own = x[i]!;
    let sum = data[k + i]! * own;
    for (let j = 0; j < i; j++, k++) {
      sum += data[k]! * x[j]!;
      y[j] = y[j]! + data[k]! * own;
    }
    y[i] = y[i]! + sum;
  }
  return y;
}

/** The directions [cols] that vectors of the Gram matrix stand for: themselves, or of a Gram matrix of rows sums of these. */
function overColumns(
  view: MatrixView,
  first: Float64Array,
  second: Float64Array,
): [Float64Array, Float64Array] {
  const rows = view.rowsInMemory;
  const { spread } = view.get(SURVEY);
  if (rows?.isWhole !== true || rows.rows > rows.cols) return [first, second];
  const { mean, residual } = view.get(CENTRE);
  const { data } = rows.matrix;
  const { cols } = view;
  const unit = 2 ** -Math.max(-1000, Math.min(1000, exponentOf(spread)));
  const [x, y] = [new Float64Array(cols), new Float64Array(cols)];
  for (let i = 0, k = 0; i < rows.rows; i++) {
    const [ofX, ofY] = [first[i]! * unit, second[i]! * unit];
    for (let j = 0; j < cols; j++, k++) {
      const apart = data[k]! - mean[j]! - residual[j]!;
      x[j] = x[j]! + ofX * apart;
      y[j] = y[j]! + ofY * apart;
    }
  }
  return [unitLength(x), unitLength(y)];
}

function unitLength(direction: Float64Array): Float64Array {
  const norm = Math.sqrt(dot(direction, direction));
  return norm === 0 ? direction : direction.map((x) => x / norm);
}

function positive(direction: Float64Array): Float64Array {
  const largest = direction.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
  return largest < 0 ? direction.map((x) => -x) : direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
