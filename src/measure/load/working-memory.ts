import { COMPARED_ROWS } from '#numerics/matrix/row-hashes.js';
import type { PassingBytes } from '#numerics/streaming/kept-rows.js';

/** What a matrix of a step is, as far as its memory goes. */
export interface MatrixSize {
  readonly rows: number;
  readonly cols: number;
  /** Of its values, as they are read. */
  readonly bytes: number;
}

/** A float64. */
const VALUE_BYTES = 8;
/** What the kernels have of a value: a float64 of the matrix that they work on, and panels of it. */
const KERNEL_BYTES = 9;
/** What metrics over products of two sets of rows add: the rows once more, at unit length, and packed. */
const PAIR_BYTES = 16;
/** Sums, means, ranges and the like: so many numbers a column, of each matrix. */
const VALUES_PER_COLUMN = 24;
/** The same of rows: lengths, hashes, sums of pairs. */
const VALUES_PER_ROW = 20;
/** Gram matrices that are kept of each matrix, and factorised. */
const GRAMS = 3;
/** Of one matrix, what a factor of its rows takes beside them for its singular values; but for this much room. */
const DOUBLED_GRAMS = 3;
const DOUBLED_ROOM = 2 ** 26;
/** Of all dimensions, whatever the number of rows: the covariance within groups, and its factor. */
const COVARIANCES = 2;
/** Of arrays that are no longer used, before they are collected. */
const MOST_GARBAGE = 3 * 2 ** 23;
/** What the tool may take beside its budget, without the engine itself. */
export const SLACK = 2 ** 25;

/** What a drawing takes: centred rows, directions, and a copy of so many rows where there are more. */
const [DRAWN_PER_COLUMN, DRAWN_ROWS] = [16, 200];

/** What some metrics take besides. */
export interface Takes {
  /** Nothing is measured: the values are read. */
  readonly nothing?: boolean;
  /** Products of two sets of rows. */
  readonly pairs?: boolean;
  /** A plane of the largest matrix, and some rows of each in it. */
  readonly drawn?: boolean;
  /** Covariances of all dimensions. */
  readonly covariances?: boolean;
  /** So many groups, each with a mean. */
  readonly groups?: number;
  /** Bytes of labels. */
  readonly labels?: number;
}

/** Bytes that measuring matrices in memory takes at most, the matrices included. */
export function workingMemory(sizes: readonly MatrixSize[], takes: Takes = {}): number {
  let needed = takes.labels ?? 0;
  let [doubled, drawn] = [0, 0];
  const all = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (takes.nothing) return all;
  const perValue = KERNEL_BYTES + (takes.pairs ? PAIR_BYTES : 0);
  for (const { rows, cols, bytes } of sizes) {
    const gram = Math.min(rows, cols) ** 2 * VALUE_BYTES;
    if (takes.covariances) needed += COVARIANCES * cols ** 2 * VALUE_BYTES + meansOf(takes, cols);
    const sums = cols * VALUES_PER_COLUMN + rows * VALUES_PER_ROW;
    needed += bytes + rows * cols * perValue + sums * VALUE_BYTES + GRAMS * gram;
    doubled = Math.max(doubled, DOUBLED_GRAMS * gram - DOUBLED_ROOM);
    if (!takes.drawn) continue;
    drawn = Math.max(drawn, (rows + DRAWN_PER_COLUMN) * cols * VALUE_BYTES);
    if (rows > DRAWN_ROWS) needed += DRAWN_ROWS * (bytes / rows);
  }
  return needed + drawn + doubled + Math.min(all, MOST_GARBAGE);
}

/** Of a group's mean, beside two rows of float64. */
const GROUP_BYTES = 1400;

function meansOf({ groups = 0 }: Takes, cols: number): number {
  return groups * (GROUP_BYTES + 2 * cols * VALUE_BYTES);
}

/** Gram matrices of any matrix whose rows pass by, beside its own: a block's, and what the kernels work on. */
const PASSING_GRAMS = 3;
/** Float64 that the kernels have of each value of a block. */
const PASSING_COPIES = 3;

/** Of a matrix whose rows pass by, the most bytes that are only read together: they are kept until they have passed. */
type PassingSize = MatrixSize & { readonly bytesTogether?: number };

/** Bytes that measuring matrices takes whose rows pass by, `blockRows` of them together. */
export function passingMemory(
  sizes: readonly PassingSize[],
  blockRows: number,
  takes: Takes = {},
): PassingBytes {
  let [kept, gram, block, values, all] = [takes.labels ?? 0, 0, 0, 0, 0];
  for (const { rows, cols, bytes, bytesTogether = 0 } of sizes) {
    const ofMatrix = cols ** 2 * VALUE_BYTES;
    kept += ofMatrix + (cols * VALUES_PER_COLUMN + Math.min(rows, COMPARED_ROWS)) * VALUE_BYTES;
    kept += meansOf(takes, cols) + bytesTogether;
    all += bytes;
    gram = Math.max(gram, ofMatrix);
    values = Math.max(values, blockRows * cols);
    block += (bytes / rows) * blockRows;
  }
  const copies = PASSING_GRAMS * gram + values * PASSING_COPIES * VALUE_BYTES;
  return { kept, block: block + copies + Math.min(all, MOST_GARBAGE) };
}

export function fitsWorkingMemory(
  sizes: readonly MatrixSize[],
  maxMemory: number,
  takes: Takes = {},
): boolean {
  return workingMemory(sizes, takes) <= maxMemory + SLACK;
}

/**
 * A step whose matrices take more than this together is read in blocks of rows. A constant of the tool and not of the
 * machine, above every step whose pairs of rows are all taken, unless it has a context or is float64.
 */
const STREAMED_BYTES = 2 ** 27;

/** Is true for a step that is not worth reading in blocks. */
export function isSmall(sizes: readonly MatrixSize[], maxMemory: number, takes?: Takes): boolean {
  const bytes = sizes.reduce((sum, size) => sum + size.bytes, 0);
  return bytes <= Math.min(STREAMED_BYTES, maxMemory) && fitsWorkingMemory(sizes, maxMemory, takes);
}
