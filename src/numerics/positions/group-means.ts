import { RunningSum } from '../floating/running-sum.js';
import type { MatrixFold, Rows } from '../matrix/matrix-view.js';
import type { RowPlaces } from './row-places.js';

/** The mean of a group's rows: `first + sums / rows`, in two parts, so that an offset costs no digits. */
export interface GroupMean {
  rows: number;
  /** One of them, [cols]. */
  readonly first: Float64Array;
  /** Σ (x − first), [cols]. */
  readonly sums: Float64Array;
}

/** The rows of a matrix by sample or by position. */
export interface Groups {
  /** Of groups that have a row. */
  count: number;
  /** Σ‖x − the mean of its own group‖² over all rows. Infinity or NaN if it overflows. */
  squares: number;
  /** By number; of samples whose rows follow each other only the first and the last. */
  readonly means: Map<number, GroupMean>;
  readonly areTogether: boolean;
}

/** More values than this are not kept for means: 128 MiB. */
const MAX_MEAN_VALUES = 2 ** 24;

interface Grouping {
  /** By row. */
  readonly numbersOf: (places: RowPlaces, rows: Rows) => Uint32Array;
  /** Rows of a group follow each other: a mean is let go once the next begins. */
  readonly areTogether: (places: RowPlaces) => boolean;
  readonly limit: (places: RowPlaces) => number;
}

const SAMPLES: Grouping = {
  numbersOf: (places, { firstRow, rows }) => places.samplesOf(firstRow, rows),
  areTogether: ({ samplesTogether }) => samplesTogether,
  limit: ({ samplesTogether, sampleCount }) => (samplesTogether ? 2 : sampleCount),
};

const POSITIONS: Grouping = {
  numbersOf: (places, { firstRow, rows }) => places.positionsOf(firstRow, rows),
  areTogether: () => false,
  limit: ({ positionCount }) => positionCount,
};

/** The rows by sample; null of a matrix of two axes, and where the means would be too many to keep. */
export const BY_SAMPLE = foldOf('rows by sample', SAMPLES);

/** The rows by position, in the same way. */
export const BY_POSITION = foldOf('rows by position', POSITIONS);

/** Says why a matrix of three axes or more is not grouped; null where it is. */
export function tooManyMeans(places: RowPlaces, cols: number): string | null {
  const most = Math.max(SAMPLES.limit(places), POSITIONS.limit(places));
  return most * cols <= MAX_MEAN_VALUES
    ? null
    : `the means of ${most} samples or positions are more than ${MAX_MEAN_VALUES} values`;
}

function foldOf(name: string, grouping: Grouping): MatrixFold<Groups | null> {
  return {
    name,
    needs: [],
    part: (rows) => {
      const { places, cols } = rows;
      if (places === null || tooManyMeans(places, cols) !== null) return null;
      const groups = groupsOf(rows, grouping.numbersOf(places, rows), grouping.areTogether(places));
      return withoutInner(groups);
    },
    join: (a, b) => (a === null || b === null ? null : withoutInner(joinGroups(a, b))),
  };
}

/** Into the first one. */
export function joinGroups(a: Groups, b: Groups): Groups {
  a.squares += b.squares;
  a.count += b.count;
  for (const [number, mean] of b.means) {
    const known = a.means.get(number);
    if (known === undefined) a.means.set(number, mean);
    else {
      a.squares += merge(known, mean);
      a.count -= 1;
    }
  }
  return a;
}

/** The rows by the number of each. */
export function groupsOf({ matrix, rows, cols }: Rows, numbers: Uint32Array, areTogether: boolean): Groups {
  const { data } = matrix;
  const { slots, firstRows, counts } = slotsOf(numbers);
  const sums = new Float64Array(firstRows.length * cols);
  const squares = new RunningSum();
  for (let i = 0; i < rows; i++) {
    const slot = slots[i]!;
    const start = i * cols;
    const first = firstRows[slot]! * cols;
    const sum = slot * cols;
    let own = 0;
    for (let j = 0; j < cols; j++) {
      const d = data[start + j]! - data[first + j]!;
      sums[sum + j] = sums[sum + j]! + d;
      own += d * d;
    }
    squares.add(own);
  }
  // Σ‖x − mean‖² = Σ‖x − first‖² − rows ‖mean − first‖²: the first is one of them, so little cancels.
  for (const [slot, count] of counts.entries()) {
    let own = 0;
    for (let k = slot * cols; k < (slot + 1) * cols; k++) own += sums[k]! * sums[k]!;
    squares.add(-own / count);
  }
  const means = new Map<number, GroupMean>();
  for (const [slot, firstRow] of firstRows.entries()) {
    if (areTogether && slot > 0 && slot < firstRows.length - 1) continue;
    const start = firstRow * cols;
    means.set(numbers[firstRow]!, {
      rows: counts[slot]!,
      first: Float64Array.from(data.subarray(start, start + cols)),
      sums: sums.slice(slot * cols, (slot + 1) * cols),
    });
  }
  return { count: firstRows.length, squares: Math.max(0, squares.value), means, areTogether };
}

/** Of each row the place of its group among those met, and of each of these its first row and how many it has. */
function slotsOf(numbers: Uint32Array): { slots: Int32Array; firstRows: number[]; counts: number[] } {
  const slots = new Int32Array(numbers.length);
  const firstRows: number[] = [];
  const counts: number[] = [];
  const known = new Map<number, number>();
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i]!;
    let slot = i > 0 && numbers[i - 1] === number ? slots[i - 1] : known.get(number);
    if (slot === undefined) {
      slot = firstRows.push(i) - 1;
      counts.push(0);
      known.set(number, slot);
    }
    slots[i] = slot;
    counts[slot] = counts[slot]! + 1;
  }
  return { slots, firstRows, counts };
}

/** Adds the rows of `b` to those of `a`; gives what both together have beyond their own squares. */
function merge(a: GroupMean, b: GroupMean): number {
  let apart = 0;
  for (let j = 0; j < a.sums.length; j++) {
    const offset = b.first[j]! - a.first[j]!;
    const d = offset + b.sums[j]! / b.rows - a.sums[j]! / a.rows;
    apart += d * d;
    a.sums[j] = a.sums[j]! + b.sums[j]! + b.rows * offset;
  }
  const squares = (apart * a.rows * b.rows) / (a.rows + b.rows);
  a.rows += b.rows;
  return squares;
}

/** Lets go of the means of groups that no other row can belong to. */
function withoutInner(groups: Groups): Groups {
  const { means, areTogether } = groups;
  if (!areTogether || means.size <= 2) return groups;
  const numbers = [...means.keys()];
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  for (const number of numbers) if (number !== low && number !== high) means.delete(number);
  return groups;
}
