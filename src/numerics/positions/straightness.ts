import { isSafeSumOfSquares } from '../floating/sums.js';
import { WHOLE } from '../matrix/gather-rows.js';
import type { MatrixDerived, MatrixFold, Rows } from '../matrix/matrix-view.js';
import { cosineOf, scaledCosine } from '../matrix/row-pairs.js';
import type { RowPlaces } from './row-places.js';

/** A row at an end of a run of rows, which may have a neighbour beyond it. */
interface EndRow {
  readonly sample: number;
  readonly position: number;
  readonly values: Float64Array;
}

interface Turns {
  readonly sum: number;
  readonly count: number;
  /** True where some row differs from the one before it in its sample. */
  readonly moves: boolean;
  readonly head: readonly EndRow[];
  readonly tail: readonly EndRow[];
}

/** cos(x_{t+1} − x_t, x_{t+2} − x_{t+1}) over rows that follow each other in time and in memory. */
const TURNS: MatrixFold<Turns | null> = {
  name: 'turns in time',
  needs: [],
  part: (rows) => (rows.places === null ? null : turnsOf(rows, rows.places)),
  join: (a, b) => {
    if (a === null || b === null) return null;
    const rows = [...a.tail, ...b.head];
    let { sum, count, moves } = { sum: a.sum + b.sum, count: a.count + b.count, moves: a.moves || b.moves };
    for (let i = 0; i + 2 < rows.length; i++) {
      if (i >= a.tail.length || i + 2 < a.tail.length) continue;
      const cosine = cosineAt(rows[i]!, rows[i + 1]!, rows[i + 2]!);
      if (cosine === null) continue;
      sum += cosine.value;
      moves ||= cosine.moves;
      count++;
    }
    return {
      ...{ sum, count, moves },
      head: [...a.head, ...(a.head.length < 2 ? b.head : [])].slice(0, 2),
      tail: [...(b.tail.length < 2 ? a.tail : []), ...b.tail].slice(-2),
    };
  },
};

/**
 * The mean over samples and times of the cosine between successive differences, a difference of 0 counting as 0: 1 for
 * straight lines, −1/2 for independent rows. A reason where there is none.
 */
export const STRAIGHTNESS: MatrixDerived<number | string> = {
  name: 'temporal straightness',
  needs: [],
  alsoNeeds: ({ places }) => (places === null ? [] : places.samplesTogether ? [TURNS] : [WHOLE]),
  from: (view) => {
    const { places } = view;
    if (places === null) return 'needs three axes: [samples, time, dims]';
    if (places.positionAxes !== 1) return `needs one axis of time, and there are ${places.positionAxes}`;
    const turns = places.samplesTogether ? view.get(TURNS)! : turnsInOrder(view.get(WHOLE), places);
    if (turns.count === 0) return 'needs three rows of a sample that follow each other';
    return turns.moves ? turns.sum / turns.count : 'nothing moves';
  },
};

function turnsOf(rows: Rows, places: RowPlaces): Turns {
  const samples = places.samplesOf(rows.firstRow, rows.rows);
  const positions = places.positionsOf(rows.firstRow, rows.rows);
  const { data } = rows.matrix;
  const { cols } = rows;
  const at = (i: number): EndRow => ({
    sample: samples[i]!,
    position: positions[i]!,
    values: Float64Array.from(data.subarray(i * cols, (i + 1) * cols)),
  });
  const walked = walk(rows, samples, positions, Uint32Array.from(samples.keys()));
  const last = rows.rows - 1;
  const ends = last === 0 ? [at(0)] : null;
  return { ...walked, head: ends ?? [at(0), at(1)], tail: ends ?? [at(last - 1), at(last)] };
}

/** The same of a whole matrix whose samples lie apart: [time, samples, dims]. */
function turnsInOrder(rows: Rows, places: RowPlaces): Omit<Turns, 'head' | 'tail'> {
  const samples = places.samplesOf(0, rows.rows);
  const positions = places.positionsOf(0, rows.rows);
  const order = Uint32Array.from(samples.keys()).sort(
    (a, b) => samples[a]! - samples[b]! || positions[a]! - positions[b]!,
  );
  return walk(rows, samples, positions, order);
}

function walk({ matrix, cols }: Rows, samples: Uint32Array, positions: Uint32Array, order: Uint32Array) {
  const { data } = matrix;
  const before = new Float64Array(cols);
  const after = new Float64Array(cols);
  let [sum, count, moves] = [0, 0, false];
  for (let k = 0; k + 2 < order.length; k++) {
    const [a, b, c] = [order[k]!, order[k + 1]!, order[k + 2]!];
    if (samples[a] !== samples[c] || positions[b] !== positions[a]! + 1 || positions[c] !== positions[a]! + 2)
      continue;
    for (let j = 0; j < cols; j++) {
      before[j] = data[b * cols + j]! - data[a * cols + j]!;
      after[j] = data[c * cols + j]! - data[b * cols + j]!;
    }
    const cosine = cosineBetween(before, after);
    sum += cosine.value;
    moves ||= cosine.moves;
    count++;
  }
  return { sum, count, moves };
}

function cosineAt(a: EndRow, b: EndRow, c: EndRow) {
  const isRun =
    a.sample === b.sample &&
    b.sample === c.sample &&
    b.position === a.position + 1 &&
    c.position === b.position + 1;
  if (!isRun) return null;
  return cosineBetween(
    b.values.map((x, j) => x - a.values[j]!),
    c.values.map((x, j) => x - b.values[j]!),
  );
}

function cosineBetween(
  a: Float64Array,
  b: Float64Array,
): { readonly value: number; readonly moves: boolean } {
  let [aa, bb, ab] = [0, 0, 0];
  for (let j = 0; j < a.length; j++) {
    aa += a[j]! * a[j]!;
    bb += b[j]! * b[j]!;
    ab += a[j]! * b[j]!;
  }
  if (isSafeSumOfSquares(aa) && isSafeSumOfSquares(bb)) return { value: cosineOf(aa, bb, ab), moves: true };
  return { value: scaledCosine(a, b, 0, a.length), moves: a.some((x) => x !== 0) || b.some((x) => x !== 0) };
}
