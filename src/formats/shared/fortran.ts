import type { ByteSource } from '#io/byte-source.js';
import type { RowRange } from './define-format.js';
import { product } from './description.js';
import { type Floats, NUMERIC, type NumericType } from './numeric.js';
import { readNumeric } from './read-numeric.js';

/** Values read and transposed at a time. */
const BLOCK_VALUES = 2 ** 21;
/**
 * Rows of them at most, where columns are longer: each row of the result is then written in long runs. No power of
 * two, at which the columns of a tile would compete for the same lines of the cache.
 */
const BLOCK_ROWS = 4112;
/** Square tiles that stay in the first-level cache while rows and columns trade places. */
const TILE = 32;

/**
 * Reads rows of a column-major array into row-major `out`. The last axis gives the columns; the leading axes
 * flatten to rows in C order, so `[i, j, k]` is row `i * shape[1] + j`, column k, whatever the order on disk.
 */
export function readFortranRows(
  source: ByteSource,
  array: { readonly type: NumericType; readonly bigEndian: boolean; readonly dataStart: number },
  shape: readonly number[],
  ranges: readonly RowRange[],
  out: Floats,
): void {
  const leading = shape.slice(0, -1);
  const cols = shape.at(-1) ?? 1;
  const rows = product(leading);
  const size = NUMERIC[array.type].bytes;
  const place = placement(leading);
  const [first, last] = leading.length === 1 ? bounds(ranges) : [0, rows];

  const rowBlock = Math.min(last - first, BLOCK_ROWS);
  const colBlock = Math.min(cols, Math.max(1, Math.floor(BLOCK_VALUES / rowBlock)));
  const Block = NUMERIC[array.type].wide ? Float64Array : Float32Array;
  const block = new Block(rowBlock * colBlock);

  for (let p0 = first; p0 < last; p0 += rowBlock) {
    const p1 = Math.min(last, p0 + rowBlock);
    const height = p1 - p0;
    for (let c0 = 0; c0 < cols; c0 += colBlock) {
      const width = Math.min(colBlock, cols - c0);
      const whole = height === rows;
      for (let c = 0; c < width; c += whole ? width : 1) {
        const where = (i: number): string => {
          const p = p0 + (i % height);
          return `row ${place === null ? p : place[p]}, column ${c0 + c + Math.floor(i / height)}`;
        };
        const position = array.dataStart + ((c0 + c) * rows + p0) * size;
        readNumeric(
          source,
          { ...array, position, count: height * (whole ? width : 1) },
          block,
          c * height,
          where,
        );
      }
      scatter(block, { p0, height, c0, width, cols }, targetRows(ranges, place, p0, p1), out);
    }
  }
}

interface BlockPlace {
  readonly p0: number;
  readonly height: number;
  readonly c0: number;
  readonly width: number;
  readonly cols: number;
}

/** Column-major block to row-major rows, tile by tile. `targets` are pairs (row of the block, row of `out`). */
function scatter(block: Floats, { height, c0, width, cols }: BlockPlace, targets: Pairs, out: Floats): void {
  const { from, to } = targets;
  for (let r0 = 0; r0 < from.length; r0 += TILE) {
    const r1 = Math.min(from.length, r0 + TILE);
    for (let t0 = 0; t0 < width; t0 += TILE) {
      const t1 = Math.min(width, t0 + TILE);
      for (let r = r0; r < r1; r++) {
        const target = (to[r] as number) * cols + c0;
        const origin = from[r] as number;
        for (let c = t0; c < t1; c++) out[target + c] = block[c * height + origin] as number;
      }
    }
  }
}

interface Pairs {
  readonly from: Int32Array;
  readonly to: Float64Array;
}

/** Which rows of a block [p0, p1) of the disk's order go to which rows of the result. */
function targetRows(ranges: readonly RowRange[], place: Float64Array | null, p0: number, p1: number): Pairs {
  const from: number[] = [];
  const to: number[] = [];
  let base = 0;
  for (const [start, end] of ranges) {
    if (place === null) {
      for (let p = Math.max(start, p0); p < Math.min(end, p1); p++) {
        from.push(p - p0);
        to.push(base + p - start);
      }
    } else {
      for (let p = p0; p < p1; p++) {
        const row = place[p] as number;
        if (row < start || row >= end) continue;
        from.push(p - p0);
        to.push(base + row - start);
      }
    }
    base += end - start;
  }
  return { from: Int32Array.from(from), to: Float64Array.from(to) };
}

/** For each position in column-major order of the leading axes, its row in C order; null where they are the same. */
function placement(leading: readonly number[]): Float64Array | null {
  if (leading.length === 1) return null;
  const rows = product(leading);
  const strides = leading.map((_, axis) => product(leading.slice(axis + 1)));
  const place = new Float64Array(rows);
  for (let p = 0; p < rows; p++) {
    let rest = p;
    let row = 0;
    for (const [axis, n] of leading.entries()) {
      row += (rest % n) * (strides[axis] as number);
      rest = Math.floor(rest / n);
    }
    place[p] = row;
  }
  return place;
}

function bounds(ranges: readonly RowRange[]): RowRange {
  const used = ranges.filter(([start, end]) => end > start);
  return [Math.min(...used.map(([start]) => start)), Math.max(...used.map(([, end]) => end))];
}
