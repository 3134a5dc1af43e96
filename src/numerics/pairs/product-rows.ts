import { currentKernels } from '#kernels/choose-kernels.js';
import type { RowSets } from '#kernels/kernels.js';

/** Products that are in memory at a time: 32 MiB. */
const BLOCK = 2 ** 22;
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
  const block = new Float64Array(Math.min(step, xRows) * yRows);
  for (let i = 0; i < xRows; i += step) {
    const count = Math.min(step, xRows - i);
    const products = block.subarray(0, count * yRows);
    const some = x.subarray(i * cols, (i + count) * cols);
    rowProducts({ x: some, xRows: count, y, yRows, cols }, products, mean);
    for (let k = 0; k < count; k++) take(i + k, products.subarray(k * yRows, (k + 1) * yRows));
  }
}
