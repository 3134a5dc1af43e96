import { randomWords, uniform } from './random-words.js';

/**
 * `count` different rows of `rows`, ascending, every choice as likely as any other; the same for the same seed
 * everywhere. `stream` keeps apart what is drawn for different ends.
 *
 * Floyd's algorithm (Bentley & Floyd 1987): for k = 0 … count − 1 with m = rows − count + k, u from the first two words
 * of the Philox block of counter (k mod 2³², ⌊k/2³²⌋, stream, 0) gives r = ⌊u (m + 1)⌋, and m itself where r is taken.
 */
export function randomRows(count: number, rows: number, seed: number, stream: number): Float64Array {
  const words = new Uint32Array(4);
  const taken = new Set<number>();
  for (let k = 0; k < count; k++) {
    const last = rows - count + k;
    randomWords(seed, k, stream, 0, words);
    const row = Math.floor(uniform(words[0]!, words[1]!) * (last + 1));
    taken.add(taken.has(row) ? last : row);
  }
  return Float64Array.from(taken).sort();
}
