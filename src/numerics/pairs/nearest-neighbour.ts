import { TRUSTED_SHARE } from '#kernels/constants.js';
import { timesPowerOfTwo } from '../floating/power-of-two.js';
import { WHOLE } from '../matrix/gather-rows.js';
import type { MatrixDerived, MatrixFold, MatrixView, Rows } from '../matrix/matrix-view.js';
import { DIFFERENCE_FORM, unitOfDifferences } from '../matrix/scaled-values.js';
import { SURVEY } from '../matrix/survey.js';
import { CENTRED_GRAM } from '../spectra/gram.js';
import { forEachDistanceRow } from './distance-rows.js';
import type { Estimated } from './estimate.js';
import { meanOfQueries, queriesOf, SEARCH_LIMITS, type SearchLimits } from './queries.js';
import { squaredDistance } from './squared-distance.js';

const QUERY_STREAM = 6;

/**
 * The mean over rows of the distance to the nearest other row, in the unit of the embeddings; 0 where each has a copy. Above
 * `limits` of N²·D differences, unless 'exact' is asked for, random rows search all others. Two rows or more.
 */
export function nearestNeighbour(limits: SearchLimits): MatrixDerived<number | Estimated> {
  const queries = queriesOf('rows that look for a neighbour', QUERY_STREAM, limits);
  const ofQueries: MatrixFold<Float64Array> = {
    name: 'nearest rows of some',
    needs: [queries.places, queries.rows, SURVEY],
    part: (block) => {
      const asking = block.get(queries.rows);
      const places = block.get(queries.places);
      const [x, y] = [asking.own(DIFFERENCE_FORM).data, block.own(DIFFERENCE_FORM).data];
      const nearest = new Float64Array(asking.rows);
      const sets = { x, xRows: asking.rows, y, yRows: block.rows, cols: block.cols };
      forEachDistanceRow(sets, (i, squared) => {
        nearest[i] = leastBut(places[i]! - block.firstRow, squared);
      });
      return nearest;
    },
    join: (a, b) => a.map((x, i) => Math.min(x, b[i]!)),
  };
  return {
    name: 'distance to the nearest row',
    needs: [SURVEY],
    alsoNeeds: (view) => {
      if (!queries.isEvery(view)) return [ofQueries];
      return [isWide(view) ? CENTRED_GRAM : WHOLE];
    },
    from: (view) => {
      if (!queries.isEvery(view)) return mean(view.get(ofQueries), view);
      const nearest = isWide(view) ? byGram(view.rowsInMemory!) : byProducts(view.get(WHOLE));
      return mean(nearest, view);
    },
  };
}

export const NEAREST_NEIGHBOUR = nearestNeighbour(SEARCH_LIMITS);

/** True where the Gram matrix of the rows has all their products, which the spectra need anyway. */
function isWide({ rowsInMemory, rows, cols }: MatrixView): boolean {
  return rowsInMemory?.isWhole === true && rows <= cols;
}

function mean(squared: Float64Array, view: MatrixView): number | Estimated {
  const exponent = unitOfDifferences(view);
  return meanOfQueries(
    squared.map((x) => timesPowerOfTwo(Math.sqrt(x), exponent)),
    view.rows,
  );
}

function byProducts(rows: Rows): Float64Array {
  const { data } = rows.own(DIFFERENCE_FORM);
  const nearest = new Float64Array(rows.rows);
  const sets = { x: data, xRows: rows.rows, y: data, yRows: rows.rows, cols: rows.cols };
  forEachDistanceRow(sets, (i, squared) => {
    nearest[i] = leastBut(i, squared);
  });
  return nearest;
}

function byGram(view: Rows): Float64Array {
  const { data: gram, exponent } = view.get(CENTRED_GRAM);
  const { data } = view.own(DIFFERENCE_FORM);
  const { rows, cols } = view;
  const unit = unitOfDifferences(view);
  const nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < rows; i++) {
    const own = gram[i * rows + i]!;
    for (let j = 0; j < i; j++) {
      const both = own + gram[j * rows + j]!;
      const left = both - 2 * gram[i * rows + j]!;
      const squared =
        left >= TRUSTED_SHARE * both
          ? timesPowerOfTwo(left, 2 * (exponent - unit))
          : squaredDistance(data, data, cols, i, j);
      nearest[i] = Math.min(nearest[i]!, squared);
      nearest[j] = Math.min(nearest[j]!, squared);
    }
  }
  return nearest;
}

/** The least of all but the one at `own`, which may lie outside. */
function leastBut(own: number, values: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (let j = 0; j < values.length; j++) if (j !== own && values[j]! < least) least = values[j]!;
  return least;
}
