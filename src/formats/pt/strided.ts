import type { RowRange } from '../shared/define-format.js';
import { product } from '../shared/description.js';

/** One axis of a walk over a storage: how often, and how far each step goes there and in the result. */
export interface WalkAxis {
  readonly size: number;
  readonly stride: number;
  readonly outStride: number;
}

/** A block of a tensor whose elements go to places at even distances in the result. */
export interface Walk {
  readonly offset: number;
  readonly outOffset: number;
  /** In the order of the storage: the longest stride first. */
  readonly axes: readonly WalkAxis[];
}

/** Is true where the elements lie one after the other, the last axis fastest. */
export function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i]! > 1 && strides[i] !== expected) return false;
    expected *= shape[i]!;
  }
  return true;
}

/**
 * Cuts rows of a tensor, leading axes flattened, into walks over its storage. `shape` has the columns last, none of its
 * axes is empty; `ranges` are within its rows.
 */
export function walksOf(
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
  ranges: readonly RowRange[],
): Walk[] {
  const cols = shape.at(-1)!;
  const leading = shape.slice(0, -1).map((size, i) => ({ size, stride: strides[i]! }));
  const axes = joined(leading);
  const column: WalkAxis = { size: cols, stride: strides.at(-1)!, outStride: 1 };
  const walks: Walk[] = [];
  let row = 0;
  for (const [start, end] of ranges) {
    for (const box of boxes(axes, start, end)) {
      let outStride = cols;
      const sized: WalkAxis[] = [column];
      for (const { size, stride } of box.axes.toReversed()) {
        sized.push({ size, stride, outStride });
        outStride *= size;
      }
      walks.push({
        offset: offset + box.offset,
        outOffset: (row + box.row - start) * cols,
        axes: sized.filter(({ size }) => size > 1).sort((a, b) => b.stride - a.stride),
      });
    }
    row += end - start;
  }
  return walks;
}

interface Axis {
  readonly size: number;
  readonly stride: number;
}

/** Joins neighbouring axes that are one in the storage. */
function joined(axes: readonly Axis[]): Axis[] {
  const result: Axis[] = [];
  for (const axis of axes) {
    const last = result.at(-1);
    if (last !== undefined && last.stride === axis.stride * axis.size) {
      result[result.length - 1] = { size: last.size * axis.size, stride: axis.stride };
    } else result.push(axis);
  }
  return result;
}

interface Box {
  readonly axes: readonly Axis[];
  readonly offset: number;
  /** Its first row. */
  readonly row: number;
}

/** Cuts rows `[start, end)` into boxes: what is left of the first index, whole indices, what there is of the last. */
function boxes(axes: readonly Axis[], start: number, end: number): Box[] {
  const [first, ...rest] = axes;
  if (first === undefined) return start < end ? [{ axes: [], offset: 0, row: 0 }] : [];
  const each = product(rest.map(({ size }) => size));
  const found: Box[] = [];
  for (let row = start; row < end; ) {
    const index = Math.floor(row / each);
    const within = row - index * each;
    const offset = index * first.stride;
    const whole = within === 0 ? Math.floor((end - row) / each) : 0;
    if (whole > 0) {
      found.push({ axes: [{ size: whole, stride: first.stride }, ...rest], offset, row });
      row += whole * each;
      continue;
    }
    const stop = Math.min(each, within + end - row);
    for (const box of boxes(rest, within, stop)) {
      found.push({ axes: box.axes, offset: offset + box.offset, row: index * each + box.row });
    }
    row += stop - within;
  }
  return found;
}
