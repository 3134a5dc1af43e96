import type { WholeEmbedding } from '../matrix/whole-embedding.js';
import { centredSpectrum } from './spectrum.js';

/**
 * exp(−Σ p ln p) with p = σ/Σσ over the singular values of the centred matrix, 0·ln 0 = 0: between 1 and
 * min(N − 1, D). NaN where all rows are the same or the matrix overflows.
 * Source: Roy & Vetterli, The effective rank, EUSIPCO 2007.
 */
export function effectiveRank(embedding: WholeEmbedding): number {
  const singular = embedding.shared(centredSpectrum).eigenvalues.map(Math.sqrt);
  const total = singular.reduce((sum, s) => sum + s, 0);
  let entropy = 0;
  for (const s of singular) {
    const p = s / total;
    if (p !== 0) entropy -= p * Math.log(p);
  }
  return Math.exp(entropy);
}
