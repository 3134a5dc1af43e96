import { philox4x32 } from './philox.js';

/**
 * `count` random unit vectors of `dims` entries, [count, dims] row-major, the same for the same seed everywhere:
 *
 * Generator: Philox 4×32-10, key (seed, 0). Block b is the four words of counter (b, 0, 0, 0).
 * Gaussian: Box–Muller. Words w₀ … w₃ become uniforms u = (w + ½)/2³² and then, with r = √(−2 ln u₀), the normals
 * r cos 2πu₁, r sin 2πu₁; the same for u₂ and u₃.
 * Fill order: normal number m = 4b … 4b + 3 is entry m mod dims of vector ⌊m/dims⌋; then each vector is divided by its
 * norm.
 *
 * `from`, a multiple of four, passes over the vectors before it.
 */
export function randomSlices(count: number, dims: number, seed: number, from = 0): Float64Array {
  const out = new Float64Array(count * dims);
  const words = new Uint32Array(4);
  for (let m = 0, block = (from * dims) / 4; m < out.length; m += 4, block++) {
    philox4x32([block, 0, 0, 0], [seed, 0], words);
    for (let half = 0; half < 4; half += 2) {
      const radius = Math.sqrt(-2 * Math.log(uniform(words[half]!)));
      const angle = 2 * Math.PI * uniform(words[half + 1]!);
      // Past the end of the array a write is ignored.
      out[m + half] = radius * Math.cos(angle);
      out[m + half + 1] = radius * Math.sin(angle);
    }
  }
  for (let start = 0; start < out.length; start += dims) {
    let squared = 0;
    for (let k = start; k < start + dims; k++) squared += out[k]! * out[k]!;
    const norm = Math.sqrt(squared);
    for (let k = start; k < start + dims; k++) out[k] = out[k]! / norm;
  }
  return out;
}

function uniform(word: number): number {
  return (word + 0.5) / 2 ** 32;
}

/** Slices as they were last drawn: both sides of a step, and all steps of a run, have one width. */
export class RandomSlices {
  #last: { readonly count: number; readonly dims: number; readonly seed: number } | null = null;
  #slices: Float64Array = new Float64Array(0);

  /** Returns what `randomSlices` does. The caller may not write to it. */
  of(count: number, dims: number, seed: number): Float64Array {
    const last = this.#last;
    if (last?.count !== count || last.dims !== dims || last.seed !== seed) {
      this.#slices = randomSlices(count, dims, seed);
      this.#last = { count, dims, seed };
    }
    return this.#slices;
  }
}
