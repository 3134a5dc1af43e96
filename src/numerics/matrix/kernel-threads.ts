import { useThreads } from '#kernels/choose-kernels.js';

/** Products that one thread does in the time a second one takes to start, and some more. */
const MIN_PRODUCTS = 7e8;

/** Starts the kernels' helpers where a step of this shape will pay for them: while its file is still being read. */
export function startKernelThreads(rows: number, cols: number, threads: number): void {
  if (threads > 1 && (rows * cols * (rows + Math.min(rows, cols))) / 2 >= MIN_PRODUCTS) useThreads(threads);
}
