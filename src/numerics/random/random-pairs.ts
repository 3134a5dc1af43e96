import { randomWords, uniform } from './random-words.js';

/**
 * `count` pairs of different rows, each drawn uniformly from all N(N−1)/2 and independently of the others, so that
 * the order of the rows does not matter; the same for the same seed everywhere:
 *
 * Generator: Philox 4×32-10, key (seed mod 2³², ⌊seed/2³²⌋). Pair k is the block of counter (k mod 2³², ⌊k/2³²⌋, 1, 0).
 * Fill order: its words w₀ … w₃ become u = (2²¹ w₀ + ⌊w₁/2¹¹⌋)/2⁵³ and v, the same of w₂ and w₃. Then i = ⌊u N⌋, and
 * j = ⌊v (N−1)⌋, plus 1 where that is i or more.
 */
export function forEachRandomPair(
  count: number,
  rows: number,
  seed: number,
  visit: (i: number, j: number) => void,
): void {
  const words = new Uint32Array(4);
  for (let k = 0; k < count; k++) {
    randomWords(seed, k, 1, 0, words);
    const i = Math.floor(uniform(words[0]!, words[1]!) * rows);
    const j = Math.floor(uniform(words[2]!, words[3]!) * (rows - 1));
    visit(i, j < i ? j : j + 1);
  }
}
