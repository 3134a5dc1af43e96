import { currentKernels } from '#kernels/choose-kernels.js';
import type { Kernels } from '#kernels/kernels.js';
import { meanVariancePerDim } from '../matrix/embedding.js';
import type { WholeEmbedding } from '../matrix/whole-embedding.js';
import { CENTRED_GRAM, type Gram } from '../spectra/gram.js';
import { logDetByBlocks } from './log-det-by-blocks.js';
import { logDetByQr } from './log-det-qr.js';
import { smallSide } from './small-side.js';

/** Added to every eigenvalue of the covariance, as the reference does. */
export const KL_EPSILON = 1e-6;

/**
 * KL(N(μ, Σ + εI) ‖ N(0, I)) up to the trace's ε: ½(‖μ‖² + tr Σ − ln det(Σ + εI) − D) in nats, with the column
 * means μ and the population covariance Σ (ddof 0) of an [N, D] matrix and ε = 1e-6. For N < D the determinant is
 * taken through the N×N Gram matrix. Infinity where ‖μ‖² or tr Σ overflows; NaN where rows
 * pass by and the determinant cannot be told from rounding.
 */
export function klToStandardNormal(embedding: WholeEmbedding, kernels: Kernels = currentKernels()): number {
  embedding.expect(CENTRED_GRAM);
  const { cols } = embedding;
  let meanSquared = 0;
  for (const mean of embedding.columnMeans) meanSquared += mean * mean;
  const trace = meanVariancePerDim(embedding) * cols;
  const quadratic = meanSquared + trace;
  if (!Number.isFinite(quadratic)) return Number.POSITIVE_INFINITY;
  return (quadratic - logDetCovariance(embedding, trace, quadratic, kernels) - cols) / 2;
}

/** Past this trace the squares of a float64 covariance are near overflow, and Cholesky could not be trusted anyway. */
const CHOLESKY_TRACE_MAX = 1e100;

function logDetCovariance(
  embedding: WholeEmbedding,
  trace: number,
  quadratic: number,
  kernels: Kernels,
): number {
  const { rows, cols } = embedding;
  const order = Math.min(rows, cols);
  const outside = (cols - order) * Math.log(KL_EPSILON);
  if (trace < CHOLESKY_TRACE_MAX) {
    const byCholesky = logDetByCholesky(embedding.fold(CENTRED_GRAM), rows, Math.max(rows, cols), kernels);
    if (byCholesky !== null) {
      const kl = Math.abs(quadratic - byCholesky.logDet - outside - cols) / 2;
      if (byCholesky.error <= CHOLESKY_ERROR_SHARE * kl) return byCholesky.logDet + outside;
    }
  }
  if (!embedding.isInMemory) {
    const byBlocks = logDetByBlocks(embedding, embedding.fold(CENTRED_GRAM), KL_EPSILON);
    return byBlocks ?? Number.NaN;
  }
  const { vectors, length } = smallSide(embedding.inMemory.centred, rows, cols);
  return logDetByQr(vectors, order, length, rows, KL_EPSILON, kernels) + outside;
}

/** A tenth of what `kl_reg` is held to. */
const CHOLESKY_ERROR_SHARE = 1e-9;

/**
 * ln det of the smaller Gram matrix/N + εI, with an estimate of its rounding error: that of a pivot is a few ulps of the diagonal entry
 * it was reduced from (Higham 2002, theorem 10.3), and the pivots' errors add like independent ones.
 */
function logDetByCholesky(
  { data, order, exponent }: Gram,
  rows: number,
  length: number,
  kernels: Kernels,
): { logDet: number; error: number } | null {
  const divisor = rows * 2 ** (-2 * exponent);
  const roots = kernels.choleskyDiagonal(data, order, divisor, KL_EPSILON);
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
