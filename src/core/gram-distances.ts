import type { Embedding } from './embedding.js';
import { CENTRED_GRAM } from './gram.js';
import { RunningSum } from './running-sum.js';
import { squaredDistance } from './squared-distance.js';

/** A squared distance below this share of s_i + s_j has lost too many digits in s_i + s_j − 2 g_ij, as in the kernels. */
const TRUSTED_SHARE = 1e-4;
/** Past this share of all pairs the kernels take differences faster than they are taken here. */
const MAX_UNTRUSTED_SHARE = 0.05;

/**
 * Σ over i < j of ‖x_i − x_j‖₂ from the Gram matrix of the centred rows, which spectra and `kl_reg` need as well; a
 * pair too close beside its rows' norms is taken again from the rows themselves, so that equal rows give exactly 0.
 * Null where many pairs are so. For an embedding of fewer rows than dimensions and of ordinary spread.
 */
export function sumDistancesByGram(embedding: Embedding): number | null {
  const { rows, cols, matrix } = embedding;
  const { data } = embedding.fold(CENTRED_GRAM);
  const norms = Float64Array.from({ length: rows }, (_, i) => data[i * rows + i]!);
  const most = Math.max(rows, MAX_UNTRUSTED_SHARE * ((rows * (rows - 1)) / 2));
  const total = new RunningSum();
  let untrusted = 0;
  for (let i = 1; i < rows; i++) {
    const norm = norms[i]!;
    let sum = 0;
    for (let j = 0, k = i * rows; j < i; j++, k++) {
      const both = norm + norms[j]!;
      const squared = both - 2 * data[k]!;
      if (squared >= both * TRUSTED_SHARE) sum += Math.sqrt(squared);
      else {
        untrusted++;
        sum += Math.sqrt(squaredDistance(matrix.data, matrix.data, cols, i, j));
      }
    }
    if (untrusted > most) return null;
    total.add(sum);
  }
  return total.value;
}
