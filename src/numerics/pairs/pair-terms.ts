import { TRUSTED_SHARE } from '#kernels/constants.js';
import type { PairTerms, Repulsion } from '#kernels/kernels.js';
import type { MatrixDerived, Rows } from '../matrix/matrix-view.js';
import { unitOfDifferences } from '../matrix/scaled-values.js';
import { ROW_SUMS, UNIT_ROWS } from '../matrix/unit-rows.js';

/** Of all pairs of rows, in the unit of their differences. */
export interface PairSums {
  /** Σ over i < j of ‖x_i − x_j‖₂. */
  readonly distances: number;
  /** Of each row the least ‖x_i − x_j‖₂², [rows]; null where nobody said that it is wanted. */
  readonly nearest: Float64Array | null;
  /** Of the directions of the rows; null where nobody wants it, and where products would not have its digits. */
  readonly repulsion: Repulsion | null;
}

/** To need one of these says what of the pairs is wanted, so that all of it comes from the same products. */
const wish = (name: string): MatrixDerived<true> => ({ name, needs: [], from: () => true });
export const DISTANCES_WANTED = wish('distances of pairs, wanted');
export const NEAREST_WANTED = wish('nearest rows, wanted');
export const REPULSION_WANTED = wish('repulsion of directions, wanted');

/** What is wanted of the pairs beside the sum of distances; undefined for nothing. */
export function pairTerms(rows: Rows): PairTerms | undefined {
  const repulsion = rows.isNeeded(REPULSION_WANTED) ? repulsionOf(rows) : null;
  if (repulsion === null && !rows.isNeeded(NEAREST_WANTED)) return undefined;
  return { nearest: new Float64Array(rows.rows), repulsion };
}

export function pairSums(distances: number, terms: PairTerms | undefined): PairSums;
export function pairSums(distances: number | null, terms: PairTerms | undefined): PairSums | null;
export function pairSums(distances: number | null, terms: PairTerms | undefined): PairSums | null {
  return distances === null
    ? null
    : { distances, nearest: terms?.nearest ?? null, repulsion: terms?.repulsion ?? null };
}

/** Squared norms may be this many times the mean squared distance from the mean: their differences keep their digits. */
const MOST_OFFSET = 400;

/**
 * What the repulsion of the rows' directions asks of their products; null where many pairs would lose digits: rows far from
 * the origin, beyond the ordinary in size, or without a direction.
 */
export function repulsionOf(view: Rows): Repulsion | null {
  const { rows, matrix } = view;
  if (unitOfDifferences(view) !== 0) return null;
  const unit = view.own(UNIT_ROWS);
  if (unit.x !== matrix.data || unit.directions < rows) return null;
  const { sums } = view.own(ROW_SUMS);
  const lengths = new Float64Array(rows);
  let [spread, farthest] = [0, 0];
  for (let i = 0; i < rows; i++) {
    lengths[i] = 1 / unit.factors[3 * i + 1]!;
    farthest = Math.max(farthest, lengths[i]!);
    spread += sums[3 * i + 1]! / rows;
  }
  if (!(farthest * farthest <= MOST_OFFSET * spread)) return null;
  const size = spread / 100;
  return { lengths, share: TRUSTED_SHARE, size, sum: Number.NaN, open: null };
}
