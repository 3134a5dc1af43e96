import { currentKernels } from '#kernels/choose-kernels.js';
import type { Directions, Kernels } from '#kernels/kernels.js';
import { fillWithNormals } from '#kernels/normals.js';

/**
 * `count` random unit vectors of `dims` entries, [count, dims] row-major, the same for the same seed everywhere: normal
 * number m (see `Kernels.fillWithNormals`) is entry m mod dims of vector ⌊m/dims⌋; then each vector is divided by its norm.
 * `from` passes over the vectors before it.
 */
export function randomSlices(
  count: number,
  dims: number,
  seed: number,
  from = 0,
  fill: Kernels['fillWithNormals'] = fillWithNormals,
): Float64Array {
  const out = new Float64Array(count * dims);
  fill(out, seed, from * dims);
  for (let start = 0; start < out.length; start += dims) {
    let squared = 0;
    for (let k = start; k < start + dims; k++) squared += out[k]! * out[k]!;
    const norm = Math.sqrt(squared);
    for (let k = start; k < start + dims; k++) out[k] = out[k]! / norm;
  }
  return out;
}

/** The slices that were last asked for: both sides of a step, and all steps of a run, have one width. */
export class RandomSlices {
  #name = '';
  #last: Directions | null = null;

  /** Returns `count` of what `randomSlices` draws, after the first `from`; the same object for the same arguments. */
  of(count: number, dims: number, seed: number, from = 0): Directions {
    const name = [count, dims, seed, from].join();
    if (this.#last === null || this.#name !== name) {
      const { fillWithNormals: fill } = currentKernels();
      const draw = (first: number, some: number) => randomSlices(some, dims, seed, from + first, fill);
      this.#last = { count, draw: remembered(draw) };
      this.#name = name;
    }
    return this.#last;
  }
}

/** Returns what was drawn last where the same is asked for again. */
function remembered(draw: Directions['draw']): Directions['draw'] {
  let last: { readonly from: number; readonly count: number; readonly drawn: Float64Array } | null = null;
  return (from, count) => {
    if (last?.from !== from || last.count !== count) last = { from, count, drawn: draw(from, count) };
    return last.drawn;
  };
}
