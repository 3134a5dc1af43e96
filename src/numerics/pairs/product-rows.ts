import { currentKernels } from '#kernels/choose-kernels.js';
import type { RowSets } from '#kernels/kernels.js';

/** Products that are in memory at a time: 32 MiB. */
const BLOCK = 2 ** 22;
/** At least so many rows of X at a time, whatever their products take: for one alone, Y would be packed anew. */
const MIN_ROWS = 12;

/**
 * Gives each row i of X Yᵀ to `take`, in order, from column `from` on: 0, or with `isUpper`, where X is Y and columns
 * below the diagonal are not wanted, one that is at most i. The array is written anew for later rows. `mean` [cols] is
 * first taken from every row of both.
 */
export function forEachProductRow(
  { x, xRows, y, yRows, cols }: RowSets,
  { mean, isUpper = false }: { readonly mean?: Float64Array; readonly isUpper?: boolean },
  take: (i: number, products: Float64Array, from: number) => void,
): void {
  const { rowProducts } = currentKernels();
  const step = Math.max(MIN_ROWS, Math.floor(BLOCK / yRows));
  const block = new Float64Array(Math.min(step, xRows) * yRows);
  for (let i = 0; i < xRows; i += step) {
    const count = Math.min(step, xRows - i);
    const from = isUpper ? i : 0;
    const width = yRows - from;
    const sets = {
      x: x.subarray(i * cols, (i + count) * cols),
      xRows: count,
      y: y.subarray(from * cols),
      yRows: width,
      cols,
    };
    const products = block.subarray(0, count * width);
    rowProducts(sets, products, mean);
    for (let k = 0; k < count; k++) take(i + k, products.subarray(k * width, (k + 1) * width), from);
  }
}
