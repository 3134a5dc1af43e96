import { currentKernels } from '../kernels/choose-kernels.js';
import { CENTRED_GRAM, type Gram, RAW_GRAM } from './gram.js';
import { eachTimesPowerOfTwo, exponentOf } from './power-of-two.js';
import type { WholeEmbedding } from './whole-embedding.js';

/** The squares of a matrix's singular values, in a unit of their own: only their ratios mean something. */
export interface Spectrum {
  /** Descending, [min(rows, cols)]; what cannot be told from rounding is 0. NaN where the matrix overflows. */
  readonly eigenvalues: Float64Array;
  /** How many are above 0. */
  readonly rank: number;
}

/**
 * σ² of the centred matrix, through its Gram matrix. Eigenvalues below max(N, D)·2⁻⁵²·λmax count as 0, so a singular
 * value is seen down to about 1e-7 of the largest.
 */
export function centredSpectrum(embedding: WholeEmbedding): Spectrum {
  return spectrumOf(embedding.fold(CENTRED_GRAM), Math.max(embedding.rows, embedding.cols));
}

/** σ² of the matrix as it is, not centred. */
export function rawSpectrum(embedding: WholeEmbedding): Spectrum {
  return spectrumOf(embedding.fold(RAW_GRAM), Math.max(embedding.rows, embedding.cols));
}

function spectrumOf({ data, order }: Gram, longestSide: number): Spectrum {
  let trace = 0;
  for (let i = 0; i < order; i++) trace += data[i * order + i]!;
  if (!Number.isFinite(trace)) return { eigenvalues: new Float64Array(order).fill(Number.NaN), rank: 0 };
  if (trace === 0) return { eigenvalues: new Float64Array(order), rank: 0 };
  // The eigenvalue kernel squares the entries of the Gram matrix, which are squares already.
  const exponent = exponentOf(trace);
  const unit = eachTimesPowerOfTwo(data, -exponent);
  const eigenvalues = currentKernels().symmetricEigenvalues(unit, order).reverse();
  const noise = longestSide * 2 ** -52 * (eigenvalues[0] ?? 0);
  const rank = eigenvalues.findIndex((x) => !(x > noise));
  if (rank === -1) return { eigenvalues, rank: order };
  eigenvalues.fill(0, rank);
  return { eigenvalues, rank };
}
