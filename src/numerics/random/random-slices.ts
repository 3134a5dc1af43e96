import type { Directions } from '#kernels/kernels.js';
import { philox4x32 } from './philox.js';

/**
 * `count` random unit vectors of `dims` entries, [count, dims] row-major, the same for the same seed everywhere: normal
 * number m (see `fillWithNormals`) is entry m mod dims of vector ⌊m/dims⌋; then each vector is divided by its norm.
 * `from` passes over the vectors before it.
 */
export function randomSlices(count: number, dims: number, seed: number, from = 0): Float64Array {
  const out = new Float64Array(count * dims);
  fillWithNormals(out, seed, from * dims);
  for (let start = 0; start < out.length; start += dims) {
    let squared = 0;
    for (let k = start; k < start + dims; k++) squared += out[k]! * out[k]!;
    const norm = Math.sqrt(squared);
    for (let k = start; k < start + dims; k++) out[k] = out[k]! / norm;
  }
  return out;
}

/**
 * Writes the normals from number `from` on to all of `out`.
 *
 * Generator: Philox 4×32-10, key (seed, 0). Block b is the four words of counter (b mod 2³², ⌊b/2³²⌋, 0, 0).
 * Gaussian: Box–Muller. Words w₀ … w₃ become uniforms u = (w + ½)/2³² and then, with r = √(−2 ln u₀), the normals
 * r cos 2πu₁, r sin 2πu₁; the same for u₂ and u₃. Block b is normals 4b … 4b + 3.
 */
export function fillWithNormals(out: Float64Array, seed: number, from: number): void {
  const words = new Uint32Array(4);
  const skipped = from % 4;
  for (let m = 0 - skipped, block = (from - skipped) / 4; m < out.length; m += 4, block++) {
    philox4x32([block >>> 0, Math.floor(block / 2 ** 32), 0, 0], [seed, 0], words);
    for (let half = 0; half < 4; half += 2) {
      const radius = Math.sqrt(-2 * Math.log(uniform(words[half]!)));
      const angle = 2 * Math.PI * uniform(words[half + 1]!);
      // Before the start of the array, and past its end, a write is ignored.
      out[m + half] = radius * Math.cos(angle);
      out[m + half + 1] = radius * Math.sin(angle);
    }
  }
}

function uniform(word: number): number {
  return (word + 0.5) / 2 ** 32;
}

/** The slices that were last asked for: both sides of a step, and all steps of a run, have one width. */
export class RandomSlices {
  #name = '';
  #last: Directions | null = null;

  /** Returns `count` of what `randomSlices` draws, after the first `from`; the same object for the same arguments. */
  of(count: number, dims: number, seed: number, from = 0): Directions {
    const name = [count, dims, seed, from].join();
    if (this.#last === null || this.#name !== name) {
      this.#last = { count, draw: remembered((first, some) => randomSlices(some, dims, seed, from + first)) };
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
