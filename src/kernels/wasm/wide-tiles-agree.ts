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
  const at = (place: number, length: number) => new Float64Array(memory, place, length);
  for (const depth of DEPTHS) {
    at(A, depth * ROWS).set(hardValues(depth * ROWS, 1));
    at(B, depth * WIDE_COLS).set(hardValues(depth * WIDE_COLS, 2));
    for (const tile of ['gramTile', 'differenceTile'] as const) {
      const before = hardValues(ROWS * WIDE_COLS, 3);
      const actual = at(SUMS, ROWS * WIDE_COLS);
      actual.set(before);
      wide[tile](A, B, depth, SUMS);
      for (let from = 0; from < WIDE_COLS; from += NARROW_COLS) {
        at(HALF, depth * NARROW_COLS).set(columnsFrom(from, at(B, depth * WIDE_COLS)));
        const expected = at(HALF_SUMS, ROWS * NARROW_COLS);
        expected.set(columnsFrom(from, before));
        narrow[tile](A, HALF, depth, HALF_SUMS);
        if (!columnsFrom(from, actual).every((sum, k) => Object.is(sum, expected[k]))) return false;
      }
    }
  }
  return productsAreFused(wide, memory);
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

/** Takes four columns of eight, row-major. */
function columnsFrom(first: number, x: Float64Array): Float64Array {
  return x.filter((_, k) => k % WIDE_COLS >= first && k % WIDE_COLS < first + NARROW_COLS);
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
