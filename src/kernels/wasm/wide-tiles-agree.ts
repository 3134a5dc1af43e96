import { SLAB } from '../constants.js';
import type { TilesExports } from './wasm-modules.js';

const ROWS = 6;
const WIDE_COLS = 8;
const NARROW_COLS = 4;
/** Lengths of a slab. */
const DEPTHS = [1, 2, 3, 17, SLAB];
/** Where the operands of the tiles stand: each has room for the longest slab. */
const [A, B, HALF, SUMS, HALF_SUMS] = [1024, 17408, 33792, 50176, 54272];

/**
 * Returns true where each tile of 6 × 8 gives the very bits of two tiles of 6 × 4, on values with large offsets, tiny
 * and subnormal ones and zeros of both signs; and where products are fused. `memory` is that of both.
 */
export function wideTilesAgree(
  wide: TilesExports,
  narrow: TilesExports,
  memory: ArrayBuffer | SharedArrayBuffer,
): boolean {
  const doubles: View = (place, length) => new Float64Array(memory, place, length);
  // Where columns are float32, two stand for one.
  const singles: View = (place, length) => new Float32Array(memory, place, 2 * length);
  return (
    DEPTHS.every(
      (depth) =>
        agreeOn(depth, doubles, wide.gramTile, narrow.gramTile) &&
        agreeOn(depth, doubles, wide.differenceTile, narrow.differenceTile) &&
        agreeOn(depth, singles, wide.singleTile, narrow.singleTile),
    ) && productsAreFused(wide, memory)
  );
}

/** Shows so many pieces of 8 bytes. */
type View = (place: number, length: number) => Float64Array | Float32Array;
type Tile = TilesExports['gramTile'];

function agreeOn(depth: number, at: View, wide: Tile, narrow: Tile): boolean {
  const fill = (place: number, length: number, seed: number) => {
    const view = at(place, length);
    view.set(hardValues(view.length, seed));
    return view.slice();
  };
  fill(A, depth * ROWS, 1);
  const right = fill(B, depth * WIDE_COLS, 2);
  const before = fill(SUMS, ROWS * WIDE_COLS, 3);
  wide(A, B, depth, SUMS);
  const actual = at(SUMS, ROWS * WIDE_COLS);
  return [0, 1].every((half) => {
    at(HALF, depth * NARROW_COLS).set(halfOf(right, half));
    const expected = at(HALF_SUMS, ROWS * NARROW_COLS);
    expected.set(halfOf(before, half));
    narrow(A, HALF, depth, HALF_SUMS);
    return halfOf(actual, half).every((sum, k) => Object.is(sum, expected[k]));
  });
}

/** Returns true where a wide tile adds products to its sums without rounding them. */
export function productsAreFused(wide: TilesExports, memory: ArrayBuffer | SharedArrayBuffer): boolean {
  const at = (place: number, length: number) => new Float64Array(memory, place, length);
  at(A, ROWS).fill(1 + 2 ** -30);
  at(B, WIDE_COLS).fill(1 + 2 ** -30);
  const remainders = at(SUMS, ROWS * WIDE_COLS).fill(-1 - 2 ** -29);
  wide.gramTile(A, B, 1, SUMS);
  return remainders.every((x) => x === 2 ** -60);
}

/** Takes the first or the second half of each row of WIDE_COLS columns. */
function halfOf(x: Float64Array | Float32Array, half: number): number[] {
  const width = (8 / x.BYTES_PER_ELEMENT) * NARROW_COLS;
  return Array.from(x).filter((_, k) => Math.floor(k / width) % 2 === half);
}

const EXTREMES = [0, -0, 5e-324, -1e-310, 1e-160, -1e150, 1e16, -1e-8];

/** Makes values to test with: one in five is extreme; the others lie about 1000, with all their digits. */
function hardValues(count: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const value = 1000 + state / 2 ** 20;
    return state >>> 16 > 52428 ? EXTREMES[(state >>> 8) % 8]! : value;
  });
}
