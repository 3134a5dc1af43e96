import { philox4x32 } from '#kernels/philox.js';

const counter: [number, number, number, number] = [0, 0, 0, 0];
const key: [number, number] = [0, 0];

/**
 * Four random words of 32 bits: Philox 4×32-10, key (seed mod 2³², ⌊seed/2³²⌋), counter (k mod 2³², ⌊k/2³²⌋, stream,
 * place).
 */
export function randomWords(seed: number, k: number, stream: number, place: number, out: Uint32Array): void {
  // Written anew for each of millions of draws: arrays of their own would fill the heap.
  key[0] = seed >>> 0;
  key[1] = Math.floor(seed / 2 ** 32);
  counter[0] = k >>> 0;
  counter[1] = Math.floor(k / 2 ** 32);
  counter[2] = stream;
  counter[3] = place;
  philox4x32(counter, key, out);
}

/** In [0, 1), with 53 bits. */
export function uniform(high: number, low: number): number {
  return (high * 2 ** 21 + (low >>> 11)) / 2 ** 53;
}
