import type { Kernels } from './kernels.js';
import { WasmArena } from './wasm-arena.js';
import { gram, sumPairwiseDistances } from './wasm-blocks.js';
import { cholesky, qrDiagonal, symmetricEigenvalues } from './wasm-factorisations.js';
import { compileWasm, type WasmBuild } from './wasm-module.js';

export interface ThreadedKernels extends Kernels {
  /** Starts helpers until there are `threads` threads in all; results do not depend on how many there are. */
  startThreads(threads: number): void;
}

/** 128-bit SIMD over a shared memory; null where the engine does not have what the build needs. */
export function createWasmKernels(build: WasmBuild): ThreadedKernels | null {
  const module = compileWasm(build);
  if (module === null) return null;
  const arena = new WasmArena(module);
  return {
    name: `wasm-${build}`,
    startThreads: (threads) => arena.startThreads(threads),
    sumPairwiseDistances: (x, rows, cols, mean) => sumPairwiseDistances(arena, x, rows, cols, mean),
    gram: (x, rows, cols, out, centre) => gram(arena, x, rows, cols, out, centre, false),
    gramOfColumns: (x, rows, cols, out, centre) => gram(arena, x, rows, cols, out, centre, true),
    cholesky: (a, n) => cholesky(arena, a, n),
    qrDiagonal: (a, count, height) => qrDiagonal(arena, a, count, height),
    symmetricEigenvalues: (a, n) => symmetricEigenvalues(arena, a, n),
  };
}
