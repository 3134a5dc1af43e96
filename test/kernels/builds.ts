import type { Kernels } from '#kernels/kernels.js';
import { serialKernels } from '#kernels/serial/serial.js';
import type { WasmBuild } from '#kernels/wasm/compile.js';
import { createWasmKernels, type ThreadedKernels } from '#kernels/wasm/wasm-kernels.js';

/** Engines that join vectors of 128 bits: Node 24, 25 and 26 on x64 (with AVX2). */
export const JOINS_VECTORS = process.arch === 'x64' && /^v2[456]\./.test(process.version);

/** The builds this engine must accept; wasm-modules.test.ts holds it to not having the others. */
export const WASM_BUILDS: readonly WasmBuild[] = JOINS_VECTORS
  ? ['plain', 'relaxed', 'wide']
  : ['plain', 'relaxed'];

export function required(build: WasmBuild, threads: number): ThreadedKernels {
  const kernels = createWasmKernels(build);
  if (kernels === null) throw new Error(`this engine does not accept the ${build} module`);
  kernels.startThreads(threads);
  return { ...kernels, name: `${kernels.name}, threads: ${threads}` };
}

/** Every build of the kernels; the fast ones alone and helped. */
export const FAST_BUILDS: readonly Kernels[] = WASM_BUILDS.flatMap((build) =>
  [1, 3].map((threads) => required(build, threads)),
);

export const BUILDS: readonly Kernels[] = [serialKernels, ...FAST_BUILDS];
