import { TRUSTED_SHARE } from '#kernels/constants.js';
import type { RowSets } from '#kernels/kernels.js';
import { columnMeans } from '../matrix/survey.js';
import { forEachProductRow } from './product-rows.js';
import { squaredDistance } from './squared-distance.js';
import { squaresAbout } from './squares-about.js';

/**
 * Gives the squared distances of each row of `x` to all rows of `y` to `take`, in order; the array is written anew for
 * later rows. They come from products about the mean of `y`, and from differences where those would lose digits.
 */
export function forEachDistanceRow(sets: RowSets, take: (i: number, squared: Float64Array) => void): void {
  const { x, xRows, y, yRows, cols } = sets;
  const mean = columnMeans({ data: y, rows: yRows, cols });
  const ofX = squaresAbout(mean, x, xRows);
  const ofY = x === y ? ofX : squaresAbout(mean, y, yRows);
  const squared = new Float64Array(yRows);
  forEachProductRow(sets, mean, (i, products) => {
    for (let j = 0; j < yRows; j++) {
      const both = ofX[i]! + ofY[j]!;
      const left = both - 2 * products[j]!;
      squared[j] = left >= TRUSTED_SHARE * both ? left : squaredDistance(x, y, cols, i, j);
    }
    take(i, squared);
  });
}
