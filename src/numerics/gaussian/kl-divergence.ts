import { transpose } from '#kernels/arrays.js';
import { currentKernels } from '#kernels/choose-kernels.js';
import { CENTRED } from '../matrix/column-moments.js';
import { MEAN_VARIANCE } from '../matrix/column-squares.js';
import type { MatrixDerived, MatrixView } from '../matrix/matrix-view.js';
import { SURVEY } from '../matrix/survey.js';
import { CENTRED_GRAM, type Gram } from '../spectra/gram.js';
import { logDetByBlocks } from './log-det-by-blocks.js';
import { logDetByQr } from './log-det-qr.js';

/** Added to every eigenvalue of the covariance, as the reference does. */
export const KL_EPSILON = 1e-6;

const LOG_DET_BY_BLOCKS = logDetByBlocks(KL_EPSILON);

/** ‖μ‖² + tr Σ, and ln det(Σ + εI) where Cholesky has its digits, else null. */
interface ByCholesky {
  readonly quadratic: number;
  readonly logDet: number | null;
}

/** Past this trace the squares of a float64 covariance are near overflow, and Cholesky could not be trusted anyway. */
const CHOLESKY_TRACE_MAX = 1e100;

const BY_CHOLESKY: MatrixDerived<ByCholesky> = {
  name: 'determinant by Cholesky',
  needs: [SURVEY, MEAN_VARIANCE, CENTRED_GRAM],
  from: (view) => {
    const { rows, cols } = view;
    let meanSquared = 0;
    for (const mean of view.get(SURVEY).means) meanSquared += mean * mean;
    const trace = view.get(MEAN_VARIANCE) * cols;
    const quadratic = meanSquared + trace;
    if (!Number.isFinite(quadratic) || !(trace < CHOLESKY_TRACE_MAX)) return { quadratic, logDet: null };
    const found = logDetByCholesky(view.get(CENTRED_GRAM), rows, Math.max(rows, cols));
    if (found === null) return { quadratic, logDet: null };
    const outside = outsideOf(view);
    const kl = Math.abs(quadratic - found.logDet - outside - cols) / 2;
    return { quadratic, logDet: found.error <= CHOLESKY_ERROR_SHARE * kl ? found.logDet + outside : null };
  },
};

/**
 * KL(N(μ, Σ + εI) ‖ N(0, I)) up to the trace's ε: ½(‖μ‖² + tr Σ − ln det(Σ + εI) − D) in nats, with the column
 * means μ and the population covariance Σ (ddof 0) of an [N, D] matrix and ε = 1e-6. For N < D the determinant is
 * taken through the N×N Gram matrix. Infinity where ‖μ‖² or tr Σ overflows; NaN where rows
 * pass by and the determinant may be rounding alone.
 */
export const KL_TO_STANDARD_NORMAL: MatrixDerived<number> = {
  name: 'KL divergence from N(0, I)',
  needs: [BY_CHOLESKY],
  thenNeeds: (view) => {
    const { quadratic, logDet } = view.get(BY_CHOLESKY);
    const isKnown = logDet !== null || !Number.isFinite(quadratic);
    return isKnown || view.rowsInMemory !== null ? [] : [LOG_DET_BY_BLOCKS];
  },
  from: (view) => {
    const { quadratic, logDet } = view.get(BY_CHOLESKY);
    if (!Number.isFinite(quadratic)) return Number.POSITIVE_INFINITY;
    return (quadratic - (logDet ?? logDetOtherwise(view)) - view.cols) / 2;
  },
};

/** By a way that takes longer. */
function logDetOtherwise(view: MatrixView): number {
  const { rows, cols, rowsInMemory } = view;
  if (rowsInMemory === null) return view.get(LOG_DET_BY_BLOCKS) ?? Number.NaN;
  const centred = rowsInMemory.own(CENTRED);
  // The vectors whose Gram matrix is the smaller of the two: rows, or columns where there are fewer.
  const [vectors, order] = rows < cols ? [centred, rows] : [transpose(centred, rows, cols), cols];
  return logDetByQr(vectors, order, Math.max(rows, cols), rows, KL_EPSILON) + outsideOf(view);
}

/** What the dimensions beyond the order of the smaller Gram matrix add. */
function outsideOf({ rows, cols }: MatrixView): number {
  return (cols - Math.min(rows, cols)) * Math.log(KL_EPSILON);
}

/** A tenth of the tolerance of `kl_reg`. */
const CHOLESKY_ERROR_SHARE = 1e-9;

/**
 * ln det of the smaller Gram matrix/N + εI, with an estimate of its rounding error: that of a pivot is a few ulps of the diagonal entry
 * it was reduced from (Higham 2002, theorem 10.3), and the pivots' errors add like independent ones.
 */
function logDetByCholesky(
  { data, order, exponent }: Gram,
  rows: number,
  length: number,
): { logDet: number; error: number } | null {
  const divisor = rows * 2 ** (-2 * exponent);
  const roots = currentKernels().choleskyDiagonal(data, order, divisor, KL_EPSILON);
  if (roots === null) return null;
  let logDet = 0;
  let squared = 0;
  for (const [i, root] of roots.entries()) {
    const diagonal = data[i * order + i]! / divisor + KL_EPSILON;
    logDet += 2 * Math.log(root);
    squared += (diagonal / (root * root)) ** 2;
  }
  const ulps = 8 * (Math.sqrt(order) + Math.sqrt(length)) * 2 ** -53;
  return { logDet, error: ulps * Math.sqrt(squared) };
}
