import type { Kernels } from '../../src/kernels/kernels.js';
import { serialKernels } from '../../src/kernels/serial.js';
import { createWasmKernels, type ThreadedKernels } from '../../src/kernels/wasm-kernels.js';

function required(build: 'plain' | 'relaxed', threads: number): ThreadedKernels {
  const kernels = createWasmKernels(build);
  if (kernels === null) throw new Error(`this engine does not accept the ${build} module`);
  kernels.startThreads(threads);
  return { ...kernels, name: `${kernels.name}, threads: ${threads}` };
}

/** Every build of the kernels; the fast ones alone and helped. */
export const FAST_BUILDS: readonly Kernels[] = (['plain', 'relaxed'] as const).flatMap((build) =>
  [1, 3].map((threads) => required(build, threads)),
);

export const BUILDS: readonly Kernels[] = [serialKernels, ...FAST_BUILDS];
