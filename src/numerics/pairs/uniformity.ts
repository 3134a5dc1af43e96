import { TRUSTED_SHARE } from '#kernels/constants.js';
import { RunningSum } from '../floating/running-sum.js';
import { WHOLE } from '../matrix/gather-rows.js';
import type { MatrixDerived, MatrixView, Rows } from '../matrix/matrix-view.js';
import { columnMeans } from '../matrix/survey.js';
import { directedRows, UNIT_ROWS, writtenOut } from '../matrix/unit-rows.js';
import { MIN_SAMPLED_PAIRS, pairsToDraw } from '../random/pair-sampling.js';
import { CENTRED_GRAM } from '../spectra/gram.js';
import type { Estimated } from './estimate.js';
import { type PairTerm, pairMean } from './pair-mean.js';
import { forEachProductRow } from './product-rows.js';
import { squaredDistance } from './squared-distance.js';
import { squaresAbout } from './squares-about.js';

/**
 * ln mean_{i<j} exp(−2‖u_i − u_j‖²) over the rows that have a direction, u = row/‖row‖: from −8 (two opposite rows)
 * to 0 (one direction). NaN for fewer than two such rows.
 * Source: Wang & Isola, arXiv 2005.10242, `uniform_loss` with t = 2.
 */
export function uniformity(view: Rows): number {
  const { cols } = view;
  const directed = directedRows(view);
  const n = directed.rows;
  const u = writtenOut(directed);
  const mean = columnMeans({ data: u, rows: n, cols });
  const squared = squaresAbout(mean, u, n);
  // exp(x) − 1 is what is summed: near complete collapse the mean is 1 up to digits that matter.
  const total = new RunningSum();
  const rows = { x: u, xRows: n, y: u, yRows: n, cols };
  forEachProductRow(rows, { mean, isUpper: true }, (i, products, from) => {
    let row = 0;
    for (let j = i + 1; j < n; j++) {
      const both = squared[i]! + squared[j]!;
      const left = both - 2 * products[j - from]!;
      const apart = left >= TRUSTED_SHARE * both ? left : squaredDistance(u, u, cols, i, j);
      row += Math.expm1(-2 * apart);
    }
    total.add(row);
  });
  return Math.log1p(total.value / ((n * (n - 1)) / 2));
}

/** Squared norms may be this many times the mean squared distance from the mean: their differences keep their digits. */
const MOST_OFFSET = 400;

/**
 * The same from the Gram matrix of the centred rows, which other metrics need too:
 * ‖u_i − u_j‖² = (‖x_i − x_j‖² − (‖x_i‖ − ‖x_j‖)²) / ‖x_i‖‖x_j‖. Pairs that lose digits are taken by differences. null
 * where many would: rows far from the origin, beyond the ordinary in size, or without a direction.
 */
function uniformityByGram(view: Rows): number | null {
  const { rows, cols, matrix } = view;
  const { data: gram, exponent } = view.get(CENTRED_GRAM);
  const unit = view.own(UNIT_ROWS);
  if (exponent !== 0 || unit.x !== matrix.data || unit.directions < rows) return null;
  const inverse = Float64Array.from({ length: rows }, (_, i) => unit.factors[3 * i + 1]!);
  const norms = inverse.map((x) => 1 / x);
  let spread = 0;
  let farthest = 0;
  for (const [i, norm] of norms.entries()) {
    spread += gram[i * rows + i]! / rows;
    farthest = Math.max(farthest, norm);
  }
  if (!(farthest * farthest <= MOST_OFFSET * spread)) return null;
  let u: Float64Array | undefined;
  const total = new RunningSum();
  for (let i = 1; i < rows; i++) {
    let row = 0;
    for (let j = 0; j < i; j++) {
      const both = gram[i * rows + i]! + gram[j * rows + j]!;
      const radial = norms[i]! - norms[j]!;
      const apart = both - 2 * gram[i * rows + j]! - radial * radial;
      if (apart >= TRUSTED_SHARE * Math.max(both, spread / 100)) {
        row += Math.expm1(-2 * apart * inverse[i]! * inverse[j]!);
        continue;
      }
      u ??= writtenOut(unit);
      row += Math.expm1(-2 * squaredDistance(u, u, cols, i, j));
    }
    total.add(row);
  }
  return Math.log1p(total.value / ((rows * (rows - 1)) / 2));
}

export const REPULSION: PairTerm = {
  name: 'repulsion',
  vectors: (rows) => {
    const unit = rows.own(UNIT_ROWS);
    return { data: writtenOut(unit), has: unit.directions === unit.rows ? null : unit.hasDirection };
  },
  of: (squared) => Math.expm1(-2 * squared),
  range: [Math.expm1(-8), 0],
};

const MEAN_OF_DRAWN = pairMean(REPULSION);

/**
 * The same, from random pairs where the batch asks for fewer than all: of those whose rows both have a direction. The
 * logarithm's standard error is the mean's divided by the mean; its bias is half the square of that. Where hardly any
 * row has a direction, every pair of those is taken after all.
 */
export const UNIFORMITY: MatrixDerived<number | Estimated> = {
  name: 'uniformity',
  needs: [],
  alsoNeeds: (view) => {
    if (isDrawn(view)) return [MEAN_OF_DRAWN];
    return hasRowGram(view) ? [WHOLE, CENTRED_GRAM] : [WHOLE];
  },
  thenNeeds: (view) => (isDrawn(view) && estimateOf(view) === null ? [WHOLE] : []),
  from: (view) => {
    const mean = isDrawn(view) ? estimateOf(view) : null;
    if (mean === null) {
      const rows = view.get(WHOLE);
      return (!isDrawn(view) && hasRowGram(view) ? uniformityByGram(rows) : null) ?? uniformity(rows);
    }
    const { value, estimate } = mean;
    return {
      value: Math.log1p(value),
      estimate: { ...estimate, standardError: estimate.standardError / (1 + value) },
    };
  },
};

/** null where hardly any pair has two directions. */
function estimateOf(view: MatrixView): Estimated | null {
  const mean = view.get(MEAN_OF_DRAWN);
  return mean === null || mean.estimate.pairs < MIN_SAMPLED_PAIRS ? null : mean;
}

function isDrawn({ sampling, rows, cols }: MatrixView): boolean {
  return pairsToDraw(sampling.pairwise, rows, cols) !== null;
}

/** True of rows in memory that are no more than their dimensions: their Gram matrix is the smaller one. */
function hasRowGram({ rowsInMemory, rows, cols }: MatrixView): boolean {
  return rowsInMemory !== null && rows >= 2 && rows <= cols;
}
