import { columnSurvey } from './column-moments.js';
import type { Embedding } from './embedding.js';
import type { RowFold } from './row-fold.js';

export interface ColumnRange {
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/** The smallest and largest value of each column, [cols] each; of 0 and -0 the first counts. */
export const COLUMN_RANGE: RowFold<Embedding, ColumnRange> = {
  part: (embedding) => embedding.shared(columnSurvey),
  join: (a, b) => ({
    min: a.min.map((x, j) => (b.min[j]! < x ? b.min[j]! : x)),
    max: a.max.map((x, j) => (b.max[j]! > x ? b.max[j]! : x)),
  }),
};
