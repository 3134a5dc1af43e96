import { currentKernels } from '#kernels/choose-kernels.js';
import type { RowSets } from '#kernels/kernels.js';

/** Products that are in memory at a time, 16 MiB: as much again is the kernels'. */
const BLOCK = 2 ** 21;
/** At least so many rows of X at a time, whatever their products take: for one alone, Y would be packed anew. */
const MIN_ROWS = 12;

/**
 * Gives each row i of X Yᵀ to `take`, in order; the array is written anew for later rows. `mean` [cols] is first taken
 * from every row of both.
 */
export function forEachProductRow(
  { x, xRows, y, yRows, cols }: RowSets,
  mean: Float64Array | undefined,
  take: (i: number, products: Float64Array) => void,
): void {
  const { rowProducts } = currentKernels();
  const step = Math.max(MIN_ROWS, Math.floor(BLOCK / yRows));
  const block = roomFor(Math.min(step, xRows) * yRows);
  for (let i = 0; i < xRows; i += step) {
    const count = Math.min(step, xRows - i);
    const products = block.subarray(0, count * yRows);
    const some = x.subarray(i * cols, (i + count) * cols);
    rowProducts({ x: some, xRows: count, y, yRows, cols }, products, mean);
    for (let k = 0; k < count; k++) take(i + k, products.subarray(k * yRows, (k + 1) * yRows));
  }
}

/** What products were last written to: rows that pass by are many blocks of one size, and memory that nobody has yet
 * taken back is memory too. */
let room = new Float64Array(0);

function roomFor(count: number): Float64Array {
  if (count > BLOCK) return new Float64Array(count);
  if (room.length < count) room = new Float64Array(count);
  return room;
}
