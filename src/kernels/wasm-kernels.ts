import { compileWasm, type WasmBuild } from './compile-wasm.js';
import type { Kernels } from './kernels.js';
import { serialKernels } from './serial.js';
import { ArenaFull, PassArena, WasmArena } from './wasm-arena.js';
import { gram, sumPairwiseDistances } from './wasm-blocks.js';
import { cholesky, qrDiagonal, symmetricEigenvaluesOf } from './wasm-factorisations.js';
import {
  affineMoments,
  columnMoments,
  columnProducts,
  rowPairSums,
  rowSums,
  surveyColumns,
} from './wasm-passes.js';

export interface ThreadedKernels extends Kernels {
  /** Starts helpers until there are `threads` threads in all; results do not depend on how many there are. */
  startThreads(threads: number): void;
}

/** SIMD over a shared memory; null where the engine does not have what the build needs. */
export function createWasmKernels(build: WasmBuild): ThreadedKernels | null {
  const program = compileWasm(build);
  if (program === null) return null;
  const arena = new WasmArena(program);
  const passes = new PassArena(program);
  return {
    name: `wasm-${build}`,
    startThreads: (threads) => arena.startThreads(threads),
    surveyColumns: orSerial('surveyColumns', (x, rows, cols) => surveyColumns(passes, x, rows, cols)),
    columnMoments: orSerial('columnMoments', (x, rows, cols, mean) =>
      columnMoments(passes, x, rows, cols, mean),
    ),
    columnProducts: orSerial('columnProducts', (pair, xMean, yMean) =>
      columnProducts(passes, pair, xMean, yMean),
    ),
    rowPairSums: orSerial('rowPairSums', (pair, xCentre, yCentre) =>
      rowPairSums(passes, pair, xCentre, yCentre),
    ),
    rowSums: orSerial('rowSums', (x, rows, cols, centre) => rowSums(passes, x, rows, cols, centre)),
    affineMoments: orSerial('affineMoments', (affine, mean) => affineMoments(passes, affine, mean)),
    sumPairwiseDistances: orSerial('sumPairwiseDistances', (x, rows, cols, mean) =>
      sumPairwiseDistances(arena, x, rows, cols, mean),
    ),
    gram: orSerial('gram', (x, rows, cols, out, centre) => gram(arena, x, rows, cols, out, centre, false)),
    gramOfColumns: orSerial('gramOfColumns', (x, rows, cols, out, centre) =>
      gram(arena, x, rows, cols, out, centre, true),
    ),
    cholesky: orSerial('cholesky', (a, n) => cholesky(arena, a, n)),
    qrDiagonal: orSerial('qrDiagonal', (a, count, height) => qrDiagonal(arena, a, count, height)),
    symmetricEigenvalues: orSerial(
      'symmetricEigenvalues',
      (a, n) => symmetricEigenvaluesOf(arena, [a], n)[0]!,
    ),
    symmetricEigenvaluesOf: orSerial('symmetricEigenvaluesOf', (matrices, n) =>
      symmetricEigenvaluesOf(arena, matrices, n),
    ),
  };
}

/** A matrix that does not fit beside its packed copy is left to the serial build, which needs none. */
function orSerial<K extends Exclude<keyof Kernels, 'name'>>(name: K, fast: Kernels[K]): Kernels[K] {
  const call = fast as (...args: unknown[]) => unknown;
  const serial = serialKernels[name] as (...args: unknown[]) => unknown;
  return ((...args: unknown[]) => {
    try {
      return call(...args);
    } catch (error) {
      if (error instanceof ArenaFull) return serial(...args);
      throw error;
    }
  }) as Kernels[K];
}
