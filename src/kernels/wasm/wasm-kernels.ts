import { meansFrom } from '../arrays.js';
import type { Kernels } from '../kernels.js';
import { serialKernels } from '../serial/serial.js';
import { ArenaFull, PassArena, WasmArena } from './arena.js';
import { compareProducts, gram, rowProducts, sumPairwiseDistances } from './blocks.js';
import { compileWasm, type WasmBuild, type WasmProgram } from './compile.js';
import {
  cholesky,
  choleskyDiagonal,
  qrFactor,
  tridiagonalEigenvalues,
  tridiagonalsOf,
} from './factorisations.js';
import { fillWithNormals, projectOnNormals } from './normals.js';
import {
  affineMoments,
  columnMoments,
  columnProducts,
  rowPairSums,
  rowSums,
  surveyColumns,
} from './passes.js';
import { type KeptDirections, phaseSums } from './phases.js';

export interface ThreadedKernels extends Kernels {
  /** Starts helpers until there are `threads` threads in all; results do not depend on how many there are. */
  startThreads(threads: number): void;
}

/** Creates a build over a shared memory; null where the engine does not have what it needs. */
export function createWasmKernels(build: WasmBuild): ThreadedKernels | null {
  const program = compileWasm(build);
  if (program === null) return null;
  const arena = new WasmArena(program);
  const passes = passArena(program);
  const kept: KeptDirections = { of: null, at: 0 };
  const survey = asPass(passes, 'surveyColumns', surveyColumns);
  return {
    name: `wasm-${build}`,
    startThreads: (threads) => arena.startThreads(threads),
    surveyColumns: survey,
    columnMoments: asPass(passes, 'columnMoments', columnMoments),
    columnProducts: asPass(passes, 'columnProducts', columnProducts),
    rowPairSums: asPass(passes, 'rowPairSums', rowPairSums),
    rowSums: asPass(passes, 'rowSums', rowSums),
    affineMoments: asPass(passes, 'affineMoments', affineMoments),
    sumPairwiseDistances: orSerial('sumPairwiseDistances', (x, rows, cols, centre, terms) =>
      sumPairwiseDistances(
        arena,
        x,
        rows,
        cols,
        centre ?? { mean: meansFrom(x, rows, survey(x, rows, cols)) },
        terms,
      ),
    ),
    gram: orSerial('gram', (x, rows, cols, out, centre) => {
      gram(arena, x, rows, cols, out, centre, 'rows');
    }),
    gramAndDistances: orSerial('gramAndDistances', (x, rows, cols, out, centre, terms) =>
      gram(arena, x, rows, cols, out, centre, 'rows and distances', terms),
    ),
    gramOfColumns: orSerial('gramOfColumns', (x, rows, cols, out, centre) => {
      gram(arena, x, rows, cols, out, centre, 'columns');
    }),
    rowProducts: orSerial('rowProducts', (sets, out, mean) => rowProducts(arena, sets, out, mean)),
    compareProducts: orSerial('compareProducts', (sets, comparison) =>
      compareProducts(arena, sets, comparison),
    ),
    fillWithNormals: orSerial('fillWithNormals', (out, seed, from) =>
      fillWithNormals(arena, out, seed, from),
    ),
    projectOnNormals: orSerial('projectOnNormals', (projected) => projectOnNormals(arena, projected)),
    phaseSums: orSerial('phaseSums', (projected) => phaseSums(arena, kept, projected)),
    cholesky: orSerial('cholesky', (a, n) => cholesky(arena, a, n)),
    choleskyDiagonal: orSerial('choleskyDiagonal', (a, n, divisor, shift) =>
      choleskyDiagonal(arena, a, n, divisor, shift),
    ),
    qrFactor: orSerial('qrFactor', (a, count, height) => qrFactor(arena, a, count, height)),
    tridiagonalsOf: orSerial('tridiagonalsOf', (matrices, n) => tridiagonalsOf(arena, matrices, n)),
    tridiagonalEigenvalues: orSerial('tridiagonalEigenvalues', (matrices) =>
      tridiagonalEigenvalues(arena, matrices),
    ),
  };
}

/** Creates the arena of the passes; null where a second memory finds no addresses: under `ulimit -v 16000000`, say. */
function passArena(program: WasmProgram): PassArena | null {
  try {
    return new PassArena(program);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Calls the pass over its arena, or the serial build where there is none. */
function asPass<K extends Exclude<keyof Kernels, 'name'>>(
  arena: PassArena | null,
  name: K,
  fast: (arena: PassArena, ...args: Parameters<Kernels[K]>) => ReturnType<Kernels[K]>,
): Kernels[K] {
  if (arena === null) return serialKernels[name];
  const call = (...args: Parameters<Kernels[K]>) => fast(arena, ...args);
  return orSerial(name, call as Kernels[K]);
}

/** Leaves a matrix that does not fit beside its packed copy to the serial build, which needs none. */
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
