import { JobKind } from '../constants.js';
import type { NormalProjections } from '../kernels.js';
import type { WasmArena } from './arena.js';

/** Normals that are handed over at a time. */
const STAGE = 2 ** 15;
/** Of what `fillNormals` writes beside them. */
const ROOM = 8;
/** Values of rows that are projected at a time: 1 MiB stays in a second-level cache. */
const ROW_VALUES = 2 ** 17;
const LEAST_COLS = 1024;

/** See `Kernels.fillWithNormals`. */
export function fillWithNormals(arena: WasmArena, out: Float64Array, seed: number, from: number): void {
  const { fillNormals } = arena.preparePhases();
  const [stage] = arena.allocate([(STAGE + ROOM) * 8]) as [number];
  for (let k = 0; k < out.length; k += STAGE) {
    const count = Math.min(STAGE, out.length - k);
    out.set(arena.floats(fillNormals(stage, count, seed, from + k), count), k);
  }
}

/** See `Kernels.projectOnNormals`. A task is a vector. */
export function projectOnNormals(
  arena: WasmArena,
  { x, others = [], rows, cols, count, seed }: NormalProjections,
): Float64Array {
  const matrices = [x, ...others];
  const vectors = matrices.length * rows;
  const width = Math.min(cols, Math.max(LEAST_COLS, Math.floor(ROW_VALUES / rows)));
  const own = arena.preparePhases().normalScratchBytes();
  const [left, scale, output, scratch] = arena.allocate([
    vectors * width * 8,
    24,
    count * (vectors + 1) * 8,
    own * arena.threads,
  ]) as [number, number, number, number];
  arena.floats(output, count * (vectors + 1)).fill(0);
  for (let first = 0; first < cols; first += width) {
    const length = Math.min(width, cols - first);
    for (let i = 0; i < vectors; i++) {
      const start = (i % rows) * cols + first;
      const values = matrices[Math.floor(i / rows)]!.subarray(start, start + length);
      arena.floats(left + i * length * 8, length).set(values);
    }
    arena.floats(scale, 3).set([first, cols, seed]);
    const places = { left, output, scale, scratch, scratchBytes: own };
    arena.describeJob({ kind: JobKind.NORMALS, tasks: count, vectors, length, ...places });
    arena.exports.runJob();
  }
  return arena.floats(output, count * (vectors + 1)).slice();
}
