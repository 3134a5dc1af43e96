import { currentKernels } from '#kernels/choose-kernels.js';
import { SLAB } from '#kernels/constants.js';
import type { Bounds, Comparison, RowSets } from '#kernels/kernels.js';
import { exponentOf } from '../floating/power-of-two.js';
import { squaredDistance } from './squared-distance.js';

/** Rows that look for what is closer to them than their own; squares are of rows less `mean`. */
export interface Searching extends RowSets {
  readonly mean: Float64Array;
  /** ‖x_i − mean‖², ‖y_j − mean‖². */
  readonly ofX: Float64Array;
  readonly ofY: Float64Array;
  /** ‖x_i − own_i‖², summed in the order of the dimensions as all distances are that decide. */
  readonly distances: Float64Array;
}

/** Pairs that are compared in one go: their bits take 2 MiB. */
const MOST_PAIRS = 2 ** 24;
/** Pairs that are looked at before: of so many one, and of these at most two and one in a hundred may be left open. */
const PROBED = { pairsEach: 1024, least: 16, most: 256 } as const;
const MOST_OPEN = 0.01;

/**
 * Counts for each x_i the y_j that are surely closer than its own, from products in float32, and gives `look` all pairs that
 * these leave open. null, and no pair, where that would be too many: what float64 takes in the time of two products in
 * float32 it then takes in less.
 */
export function surelyCloser(
  searching: Searching,
  look: (i: number, j: number) => void,
): Float64Array | null {
  const { x, xRows, y, yRows, cols } = searching;
  const comparison = comparisonOf(searching);
  if (!leavesFewOpen(searching, comparison)) return null;
  const closer = new Float64Array(xRows);
  const step = Math.max(1, Math.floor(MOST_PAIRS / yRows));
  const words = Math.ceil(yRows / 32);
  for (let from = 0; from < xRows; from += step) {
    const to = Math.min(from + step, xRows);
    const some = { x: x.subarray(from * cols, to * cols), xRows: to - from, y, yRows, cols };
    const ofX = partOf(comparison.ofX, from, to);
    const { above, open } = currentKernels().compareProducts(some, { ...comparison, ofX });
    closer.set(above, from);
    for (let k = 0; k < open.length; k++) {
      for (let bits = open[k]!; bits !== 0; bits &= bits - 1) {
        look(from + Math.floor(k / words), 32 * (k % words) + 31 - Math.clz32(bits & -bits));
      }
    }
  }
  return closer;
}

/**
 * y_j is closer where g_ij = (x_i − mean)·(y_j − mean) is above (‖x_i − mean‖² − ‖x_i − own_i‖²)/2 + ‖y_j − mean‖²/2. The
 * bounds leave room for twice what rounding can do: to the product in float32, to either half in float32, and to
 * float64 sums of `cols` terms.
 */
function comparisonOf({ mean, ofX, ofY, distances, cols }: Searching): Comparison {
  const longest = Math.sqrt(Math.max(largestOf(ofX), largestOf(ofY)));
  const scale = longest > 0 ? 2 ** -(exponentOf(longest) + 1) : 1;
  const ofProduct = 2 * (SLAB + cols / SLAB + 8) * 2 ** -24;
  const ofSums = (cols + 8) * 2 ** -50;
  // What is this small beside the longest row underflows.
  const ofUnderflow = cols * 2 ** -135;
  const bounds = (half: Float64Array, sums: Float64Array, factor: number, squares: Float64Array): Bounds => {
    const apart = half.map((h, i) => 2 ** -21 * Math.abs(h) + ofSums * sums[i]! + ofUnderflow);
    return {
      least: Float32Array.from(half, (h, i) => h - apart[i]!),
      most: Float32Array.from(half, (h, i) => h + apart[i]!),
      room: Float32Array.from(squares, (s) => factor * scale * Math.sqrt(s)),
    };
  };
  const squared = scale * scale;
  const halfOfX = ofX.map((s, i) => ((s - distances[i]!) / 2) * squared);
  const sumsOfX = ofX.map((s, i) => (s + distances[i]!) * squared);
  return {
    ...{ mean, scale },
    ofX: bounds(halfOfX, sumsOfX, ofProduct, ofX),
    ofY: bounds(
      ofY.map((s) => (s / 2) * squared),
      ofY.map((s) => s * squared),
      1,
      ofY,
    ),
  };
}

function largestOf(values: Float64Array): number {
  return values.reduce((most, x) => Math.max(most, x), 0);
}

function partOf({ least, most, room }: Bounds, from: number, to: number): Bounds {
  return { least: least.subarray(from, to), most: most.subarray(from, to), room: room.subarray(from, to) };
}

/** Looks at some pairs, spread by a fixed sequence. */
function leavesFewOpen({ x, y, cols, ofX, ofY }: Searching, comparison: Comparison): boolean {
  const { scale, ofX: rows, ofY: columns } = comparison;
  const { pairsEach, least, most } = PROBED;
  const [n, m] = [ofX.length, ofY.length];
  const draws = Math.min(most, Math.max(least, Math.floor((n * m) / pairsEach)));
  let state = 1;
  const below = (count: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  let open = 0;
  for (let k = 0; k < draws; k++) {
    const [i, j] = [below(n), below(m)];
    const g = ((ofX[i]! + ofY[j]! - squaredDistance(x, y, cols, i, j)) / 2) * scale * scale;
    const room = rows.room[i]! * columns.room[j]!;
    const above = g - columns.most[j]! - room > rows.most[i]!;
    if (!above && !(g - columns.least[j]! + room < rows.least[i]!)) open++;
  }
  return open <= 2 + draws * MOST_OPEN;
}
