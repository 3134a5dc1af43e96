import { timesPowerOfTwo } from '../floating/power-of-two.js';
import { CENTRE } from '../matrix/column-moments.js';
import { WHOLE } from '../matrix/gather-rows.js';
import type { MatrixDerived, MatrixFold, MatrixView, Rows } from '../matrix/matrix-view.js';
import { DIFFERENCE_FORM, unitOfDifferences } from '../matrix/scaled-values.js';
import { SURVEY } from '../matrix/survey.js';
import { forEachDistanceRow } from './distance-rows.js';
import type { Estimated } from './estimate.js';
import { PAIR_SUMS, sumsOf } from './pair-sums.js';
import { NEAREST_WANTED } from './pair-terms.js';
import { meanOfQueries, queriesOf, SEARCH_LIMITS, type SearchLimits } from './queries.js';

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
      return queries.isEvery(view) ? [PAIR_SUMS, NEAREST_WANTED, WHOLE, CENTRE] : [ofQueries];
    },
    from: (view) => {
      if (!queries.isEvery(view)) return mean(view.get(ofQueries), view);
      return mean(view.get(PAIR_SUMS).nearest ?? nearestOf(view.get(WHOLE)), view);
    },
  };
}

export const NEAREST_NEIGHBOUR = nearestNeighbour(SEARCH_LIMITS);

function mean(squared: Float64Array, view: MatrixView): number | Estimated {
  const exponent = unitOfDifferences(view);
  return meanOfQueries(
    squared.map((x) => timesPowerOfTwo(Math.sqrt(x), exponent)),
    view.rows,
  );
}

function nearestOf(rows: Rows): Float64Array {
  const nearest = new Float64Array(rows.rows);
  sumsOf(rows, { nearest, repulsion: null });
  return nearest;
}

/** The least of all but the one at `own`, which may lie outside. */
function leastBut(own: number, values: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (let j = 0; j < values.length; j++) if (j !== own && values[j]! < least) least = values[j]!;
  return least;
}
