import { isSafeSumOfSquares } from '../floating/sums.js';
import type { MatrixDerived, Rows } from '../matrix/matrix-view.js';
import { cosineOf, meanOverRows, scaledCosine } from '../matrix/row-pairs.js';
import { BY_POSITION } from './group-means.js';

/** Of each position its mean, in two parts as `GroupMean` has it. */
interface PositionMeans {
  /** By number of the position: where its mean lies. */
  readonly starts: Float64Array;
  readonly first: Float64Array;
  readonly rest: Float64Array;
}

const POSITION_MEANS: MatrixDerived<PositionMeans | null> = {
  name: 'means of the positions',
  needs: [BY_POSITION],
  from: (view) => {
    const groups = view.get(BY_POSITION);
    if (groups === null || view.places === null) return null;
    const { cols } = view;
    const starts = new Float64Array(view.places.positionCount);
    const first = new Float64Array(groups.means.size * cols);
    const rest = new Float64Array(first.length);
    let start = 0;
    for (const [number, mean] of groups.means) {
      starts[number] = start;
      first.set(mean.first, start);
      rest.set(
        mean.sums.map((sum) => sum / mean.rows),
        start,
      );
      start += cols;
    }
    return { starts, first, rest };
  },
};

/** Between prediction and target, each about the mean of its position; NaN of matrices of two axes. */
export const POSITION_ROW_COSINE = meanOverRows(
  'mean cosine about the positions',
  ({ prediction, target }) => meanCosine(prediction, target!),
  { prediction: [POSITION_MEANS], target: [POSITION_MEANS] },
);

function meanCosine(a: Rows, b: Rows): number {
  const [meansA, meansB] = [a.get(POSITION_MEANS), b.get(POSITION_MEANS)];
  if (a.places === null || meansA === null || meansB === null) return Number.NaN;
  const positions = a.places.positionsOf(a.firstRow, a.rows);
  const { cols } = a;
  const p = new Float64Array(cols);
  const t = new Float64Array(cols);
  let sum = 0;
  for (let i = 0; i < a.rows; i++) {
    const pp = centreRow(a, meansA, i, positions[i]!, p);
    const tt = centreRow(b, meansB, i, positions[i]!, t);
    if (isSafeSumOfSquares(pp) && isSafeSumOfSquares(tt)) {
      let pt = 0;
      for (let j = 0; j < cols; j++) pt += p[j]! * t[j]!;
      sum += cosineOf(pp, tt, pt);
    } else sum += scaledCosine(p, t, 0, cols);
  }
  return sum / a.rows;
}

/** Writes the row less its position's mean into `out`; gives its squares. */
function centreRow(
  { matrix: { data }, cols }: Rows,
  { starts, first, rest }: PositionMeans,
  row: number,
  position: number,
  out: Float64Array,
): number {
  const start = row * cols;
  const mean = starts[position]!;
  let squares = 0;
  for (let j = 0; j < cols; j++) {
    const d = data[start + j]! - first[mean + j]! - rest[mean + j]!;
    out[j] = d;
    squares += d * d;
  }
  return squares;
}
