import { philox4x32 } from './philox.js';

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
