import { currentKernels } from '#kernels/choose-kernels.js';
import type { SymmetricMatrix, Tridiagonal } from '#kernels/kernels.js';
import { exponentOf } from '../floating/power-of-two.js';
import { isOrdinary, sumOf, sumOfSquares } from '../floating/sums.js';
import type { MatrixDerived, MatrixView } from '../matrix/matrix-view.js';
import { SURVEY } from '../matrix/survey.js';
import { ROW_SUMS } from '../matrix/unit-rows.js';
import { CENTRED_GRAM, type Gram, isWide } from './gram.js';

/** Tridiagonal matrices in one unit, whose largest eigenvalues are those of the Gram matrices; others are rounding. */
export interface Reduction {
  /** Of the centred matrix. */
  readonly centred: Tridiagonal;
  /** Of the matrix as it is; null where its numbers are extreme. */
  readonly uncentred: Tridiagonal | null;
}

/** Below this order two reductions take too little time for a second thread to be worth waiting for. */
const MIN_ORDER_TOGETHER = 256;

/**
 * The centred Gram matrix reduced in a basis that begins with the direction the mean has in it: there the uncentred one
 * differs in the first entries alone, and needs no reduction of its own. 'overflow' where the trace is not finite, 'zero'
 * where it is 0. Where several matrices, which have one shape, need it and are large, threads take one each.
 */
export const REDUCTION: MatrixDerived<Reduction | 'overflow' | 'zero'> = {
  name: 'tridiagonal form',
  needs: [CENTRED_GRAM],
  from: (view) => reductionsOf([view])[0]!,
  together: (views) => {
    const { rows, cols } = views[0]!;
    const isLarge = Math.min(rows, cols) >= MIN_ORDER_TOGETHER;
    return isLarge ? reductionsOf(views) : views.flatMap((view) => reductionsOf([view]));
  },
};

function reductionsOf(views: readonly MatrixView[]): (Reduction | 'overflow' | 'zero')[] {
  const states = views.map((view) => {
    if (view.get(SURVEY).spread === 0) return 'zero';
    const gram = view.get(CENTRED_GRAM);
    const trace = traceOf(gram);
    if (!Number.isFinite(trace)) return 'overflow';
    return trace === 0 ? 'zero' : { view, gram, trace, mean: meanOf(view) };
  });
  const usable = states.filter((state) => typeof state === 'object');
  if (usable.length === 0) return states as ('overflow' | 'zero')[];
  const order = usable[0]!.gram.order;
  const matrices = usable.map(({ gram: { data }, trace, mean: { direction } }): SymmetricMatrix => {
    // The reduction squares the entries of the Gram matrix, which are squares already. A border as long as this, which
    // is no longer than the matrix in the norm of Frobenius, costs the others no digits.
    const length = trace / Math.sqrt(order);
    const border = new Float64Array(direction.length);
    for (let i = 0; i < border.length; i++) border[i] = direction[i]! * length;
    return { data, scale: scaleOf(trace), border };
  });
  const found = currentKernels().tridiagonalsOf(matrices, order);
  return states.map((state) => {
    if (typeof state !== 'object') return state;
    const bordered = found[usable.indexOf(state)]!;
    const { diagonal, off, size } = bordered;
    const centred = { diagonal: diagonal.subarray(1), off: off.subarray(1), size };
    return { centred, uncentred: uncentredOf(bordered, state.mean, scaleOf(state.trace)) };
  });
}

function scaleOf(trace: number): number {
  return 2 ** -exponentOf(trace);
}

function traceOf({ data, order }: Gram): number {
  let trace = 0;
  for (let i = 0; i < order; i++) trace += data[i * order + i]!;
  return trace;
}

interface Mean {
  /** Of unit length: the mean, or the centred rows times it where the Gram matrix is that of the rows; or zeros. */
  readonly direction: Float64Array;
  /** What that was divided by. */
  readonly length: number;
  /** N‖μ‖², or null where that or the rows are extreme. */
  readonly squared: number | null;
  /** N where the Gram matrix is that of the rows, else null. */
  readonly rows: number | null;
}

/** What the uncentred Gram matrix has and the centred one has not. */
function meanOf(view: MatrixView): Mean {
  const { rows, rowsInMemory } = view;
  const { means, spread, lowest, highest } = view.get(SURVEY);
  const byRows = rowsInMemory !== null && isWide(rowsInMemory);
  const vector = byRows ? productsWithMean(rowsInMemory.own(ROW_SUMS).sums) : means;
  let largest = 0;
  for (const x of vector) largest = Math.max(largest, Math.abs(x));
  const isUsable = largest > 0 && Number.isFinite(1 / largest);
  const direction = new Float64Array(vector.length);
  let squares = 0;
  for (let j = 0; isUsable && j < direction.length; j++) {
    const x = vector[j]! / largest;
    direction[j] = x;
    squares += x * x;
  }
  const norm = Math.sqrt(squares);
  for (let j = 0; isUsable && j < direction.length; j++) direction[j] = direction[j]! / norm;
  const size = Math.max(Math.abs(lowest), Math.abs(highest));
  const squared = isOrdinary(spread) && isOrdinary(size) ? rows * sumOfSquares(means) : null;
  return { direction, length: isUsable ? largest * norm : 0, squared, rows: byRows ? rows : null };
}

/** (x − μ)·μ of each row, less their mean: what μ's rounding adds to each of them. */
function productsWithMean(sums: Float64Array): Float64Array {
  const products = new Float64Array(sums.length / 3);
  for (let i = 0; i < products.length; i++) products[i] = sums[3 * i + 2]!;
  const mean = sumOf(products) / products.length;
  for (let i = 0; i < products.length; i++) products[i] = products[i]! - mean;
  return products;
}

/**
 * X = X_c + 1μᵀ. In a basis that begins with μ, XᵀX = X_cᵀX_c + N μμᵀ has another first entry; X Xᵀ, in one that begins
 * with 1/√N and then X_c μ, has N‖μ‖² and √N‖X_c μ‖ before the matrix of X_c X_cᵀ, which has 1 in its null space.
 */
function uncentredOf({ diagonal, off, size }: Tridiagonal, mean: Mean, scale: number): Tridiagonal | null {
  if (mean.squared === null) return null;
  if (mean.rows === null) {
    const raised = diagonal.slice(1);
    raised[0] = raised[0]! + mean.squared * scale;
    return { diagonal: raised, off: off.subarray(1), size };
  }
  const [corner, beside] = [diagonal.slice(), off.slice()];
  corner[0] = mean.squared * scale;
  beside[0] = Math.sqrt(mean.rows) * mean.length * scale;
  return { diagonal: corner, off: beside, size };
}
