import type { Kernels } from './kernels.js';
import { serialKernels } from './serial/serial.js';
import { createWasmKernels, type ThreadedKernels } from './wasm/wasm-kernels.js';

let chosen: Kernels | undefined;

/** Returns the fastest build that this engine accepts, made at the first call; one thread until `useThreads`. */
export function currentKernels(): Kernels {
  chosen ??= fastestKernels() ?? serialKernels;
  return chosen;
}

/** Makes `kernels` the ones every computation uses that names none. */
export function chooseKernels(kernels: Kernels): void {
  chosen = kernels;
}

/** Lets up to `threads` threads share a computation, where the build can. */
export function useThreads(threads: number): void {
  const kernels = currentKernels();
  if ('startThreads' in kernels) (kernels as ThreadedKernels).startThreads(threads);
}

function fastestKernels(): Kernels | null {
  try {
    return createWasmKernels('wide') ?? createWasmKernels('relaxed') ?? createWasmKernels('plain');
  } catch {
    // No room for the memory's addresses, or WebAssembly turned off: the serial build needs neither.
    return null;
  }
}
