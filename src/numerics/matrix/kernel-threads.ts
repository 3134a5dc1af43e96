import { useThreads } from '#kernels/choose-kernels.js';

/** Products that one thread does in the time a second one takes to start, and some more. */
const MIN_PRODUCTS = 7e8;
/** Fewer are done before another thread has woken. */
const WORTH_WAKING = 2e7;

let expected = 0;

/**
 * Starts the kernels' helpers where a step of this shape will pay for them: while its file is still being read. Steps one
 * after the other pay together, where each is worth sharing: twice over, as another may not come.
 */
export function startKernelThreads(rows: number, cols: number, threads: number): void {
  const products = (rows * cols * (rows + Math.min(rows, cols))) / 2;
  if (threads < 2 || products < WORTH_WAKING) return;
  expected += products;
  if (products >= MIN_PRODUCTS || expected >= 2 * MIN_PRODUCTS) useThreads(threads);
}
