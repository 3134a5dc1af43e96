import type { MatrixDerived, MatrixView } from '../matrix/matrix-view.js';
import { constantColumns, SURVEY } from '../matrix/survey.js';
import { CENTRED_SINGULAR_VALUES, UNCENTRED_SINGULAR_VALUES } from './factor.js';
import { CENTRED_SQUARES_BY_GRAM, UNCENTRED_SQUARES_BY_GRAM } from './spectrum.js';

/** Half of what is promised: 1e-9 of the value. */
const LARGEST_ERROR = 5e-10;

/**
 * exp(−Σ p ln p) with p = σ/Σσ over the singular values of the centred matrix, 0·ln 0 = 0: between 1 and
 * min(N − 1, D), within 1e-9 of what exact arithmetic gives. NaN where all rows are the same or the matrix overflows.
 * Source: Roy & Vetterli, The effective rank, EUSIPCO 2007.
 */
export const EFFECTIVE_RANK = rankOf('effective rank', {
  byGram: CENTRED_SQUARES_BY_GRAM,
  byFactor: CENTRED_SINGULAR_VALUES,
  added: 0,
  mostAbove0: (view) => {
    let constant = 0;
    for (const x of constantColumns(view)) constant += x;
    return Math.min(view.rows - 1, view.cols - constant);
  },
});

/**
 * RankMe, equation 1: the same over the matrix as it is, with p = σ/Σσ + 1e-7. NaN where every entry is 0.
 * Source: Garrido et al., RankMe, arXiv 2210.02885.
 */
export const RANKME = rankOf('RankMe', {
  byGram: UNCENTRED_SQUARES_BY_GRAM,
  byFactor: UNCENTRED_SINGULAR_VALUES,
  added: 1e-7,
  mostAbove0: (view) => {
    const { min, max, spread } = view.get(SURVEY);
    if (spread === 0) return 1;
    const zeros = min.reduce((sum, x, j) => sum + (x === 0 && max[j] === 0 ? 1 : 0), 0);
    return Math.min(view.rows, view.cols - zeros);
  },
});

interface Definition {
  readonly byGram: MatrixDerived<Float64Array | null>;
  readonly byFactor: MatrixDerived<Float64Array>;
  readonly added: number;
  /** How many singular values may be above 0 by what is known without them. */
  mostAbove0(view: MatrixView): number;
}

/** By the Gram matrix where that surely has the digits, else by a factor of the matrix itself. */
function rankOf(name: string, { byGram, byFactor, added, mostAbove0 }: Definition): MatrixDerived<number> {
  const trusted: MatrixDerived<{ rank: number | null }> = {
    name: `${name} by the Gram matrix`,
    needs: [byGram, CENTRED_SQUARES_BY_GRAM],
    from: (view) => {
      const squared = view.get(byGram);
      if (squared === null) return { rank: null };
      const kept = mostAbove0(view);
      const singular = new Float64Array(squared.length);
      for (let i = 0; i < kept && i < singular.length; i++) singular[i] = Math.sqrt(Math.max(0, squared[i]!));
      const entropy = entropyOf(singular, added);
      const error = entropyError(singular.subarray(0, kept), entropy, gramError(view));
      const isTrusted = error <= LARGEST_ERROR || Number.isNaN(entropy);
      return { rank: isTrusted ? Math.exp(entropy) : null };
    },
  };
  return {
    name,
    needs: [trusted],
    thenNeeds: (view) => (view.get(trusted).rank === null ? [byFactor] : []),
    from: (view) => view.get(trusted).rank ?? Math.exp(entropyOf(view.get(byFactor), added)),
  };
}

function plainSum(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

/** −Σ p ln p of p = σ/Σσ + `added`. NaN where all are 0. */
function entropyOf(singular: Float64Array, added: number): number {
  const total = plainSum(singular);
  if (!(total > 0)) return Number.NaN;
  let entropy = 0;
  for (const s of singular) {
    const p = s / total + added;
    if (p > 0) entropy -= p * Math.log(p);
  }
  return entropy;
}

/** Entries whose products the kernels sum before they add the sum to those of others. */
const SLAB = 256;

/**
 * The norm of Frobenius of what rounding adds to the centred Gram matrix G and in its reduction: 2(√m + √n)·2⁻⁵³‖G‖ for
 * sums of m terms and order n, roundings being independent (Higham & Mary, SIAM J. Sci. Comput. 41, 2019). Twice that is
 * room for the mean, whose own rounding turns it by a few ulps: G of what is across it changes by as many, however long
 * it is, and sweeps from small entries to large ones leave the rounding of the large where it is.
 */
function gramError(view: MatrixView): number {
  const { rows, cols } = view;
  const terms = SLAB + Math.max(rows, cols) / SLAB;
  let squares = 0;
  for (const x of view.get(CENTRED_SQUARES_BY_GRAM)) squares += x * x;
  const roots = Math.sqrt(terms) + Math.sqrt(Math.min(rows, cols));
  return 4 * roots * 2 ** -53 * Math.sqrt(squares);
}

/**
 * The most that an error of `error`, in the norm of Frobenius, of the matrix of squares moves the entropy. Eigenvalues
 * move by δ_i with Σ δ_i² ≤ error² (Hoffman & Wielandt 1953), so singular values by at most δ_i/σ_i; the entropy
 * follows each by −(ln p_i + H)/Σσ, in which 1 is room for p_i to move. Infinity where the smallest eigenvalue is not
 * far above the error.
 */
function entropyError(singular: Float64Array, entropy: number, error: number): number {
  const total = plainSum(singular);
  const smallest = singular.at(-1) ?? 0;
  if (!(smallest * smallest > 4 * error)) return Number.POSITIVE_INFINITY;
  let squared = 0;
  for (const s of singular) squared += ((Math.abs(Math.log(s / total) + entropy) + 1) / s) ** 2;
  return (error * Math.sqrt(squared)) / total;
}
