import type { MatrixView } from '../matrix/matrix-view.js';
import { CENTRED_SPECTRUM } from './spectrum.js';

/** Of longer spectra this many values are kept. */
const MOST_RANKS = 64;

/**
 * The ranks (from 1) at which a spectrum of an [N, D] batch is kept: all min(N − 1, D) of them up to 64, above that 64
 * whose ratios are as equal as whole numbers allow, the first and the last among them. Empty for one row.
 */
export function keptRanks(rows: number, dims: number): number[] {
  const count = Math.min(rows - 1, dims);
  const ranks: number[] = [];
  for (let i = 0; i < Math.min(count, MOST_RANKS); i++) {
    const next = (ranks.at(-1) ?? 0) + 1;
    const spaced = count <= MOST_RANKS ? next : Math.round(count ** (i / (MOST_RANKS - 1)));
    ranks.push(Math.max(next, spaced));
  }
  return ranks;
}

/**
 * The share of the variance that each of these directions has: λ/Σλ of the centred matrix, descending, 0 for what
 * may be rounding alone. Null where all rows are the same or the matrix overflows.
 */
export function spectrumShares(view: MatrixView, ranks: readonly number[]): number[] | null {
  const { eigenvalues } = view.get(CENTRED_SPECTRUM);
  const total = eigenvalues.reduce((sum, x) => sum + x, 0);
  if (!(total > 0)) return null;
  return ranks.map((rank) => eigenvalues[rank - 1]! / total);
}
