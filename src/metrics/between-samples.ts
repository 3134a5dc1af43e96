import { isOrdinary } from '#numerics/floating/sums.js';
import type { MatrixView } from '#numerics/matrix/matrix-view.js';
import { CENTRED_SQUARES, quotient } from '#numerics/matrix/scaled-squares.js';
import { SURVEY } from '#numerics/matrix/survey.js';
import { BY_POSITION, BY_SAMPLE, type Groups, tooManyMeans } from '#numerics/positions/group-means.js';

/** Fewer say too little of how samples differ. */
const MIN_SAMPLES = 8;

interface Grouped {
  readonly byPosition: Groups;
  readonly bySample: Groups;
}

/** What whoever asks `grouped` must declare. */
export const GROUPED_NEEDS = [BY_POSITION, BY_SAMPLE] as const;

/**
 * The rows of a matrix by position and by sample, or why they say nothing: of two axes, of fewer than eight samples, or
 * where a mask leaves fewer than two rows a position or a sample on average.
 */
export function grouped(view: MatrixView): Grouped | { readonly unavailable: string } {
  const { places, rows, cols } = view;
  if (places === null) return { unavailable: 'needs three axes or more: [samples, positions, dims]' };
  const tooMany = tooManyMeans(places, cols);
  if (tooMany !== null) return { unavailable: tooMany };
  if (!isOrdinary(view.get(SURVEY).spread)) return { unavailable: 'the values are too large or too small' };
  const byPosition = view.get(BY_POSITION)!;
  const bySample = view.get(BY_SAMPLE)!;
  if (bySample.count < MIN_SAMPLES) {
    return { unavailable: `needs ${MIN_SAMPLES} samples, and there are ${bySample.count}` };
  }
  if (byPosition.count < 2) return { unavailable: 'needs two positions' };
  if (rows < 2 * byPosition.count)
    return { unavailable: 'the mask leaves fewer than two samples a position' };
  if (rows < 2 * bySample.count) return { unavailable: 'the mask leaves fewer than two positions a sample' };
  return { byPosition, bySample };
}

/** What whoever asks `shareWithin` must declare. */
export const SHARE_NEEDS = [...GROUPED_NEEDS, CENTRED_SQUARES] as const;

/** The share of the whole variance that lies within the groups, at most 1 (ddof 0), or why there is none. */
export function shareWithin(view: MatrixView, by: keyof Grouped): number | { readonly unavailable: string } {
  const groups = grouped(view);
  if ('unavailable' in groups) return groups;
  return Math.min(1, quotient({ value: groups[by].squares, exponent: 0 }, view.get(CENTRED_SQUARES)));
}
