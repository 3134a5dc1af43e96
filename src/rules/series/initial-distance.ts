import { InputError } from '#errors.js';

/**
 * Checks a supplied initial `pairwise_pred_dist_mean`; gives it, or null for none.
 *
 * @throws InputError E224 unless it is a finite number >= 0.
 */
export function checkInitialDistance(value: number | null | undefined): number | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new InputError(
      'E224',
      `initialPairwisePredDistMean must be a finite number >= 0, not ${String(value)}`,
      {
        fields: { initialPairwisePredDistMean: value },
      },
    );
  }
  return value;
}
