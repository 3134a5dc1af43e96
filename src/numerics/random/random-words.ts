import { philox4x32 } from '#kernels/philox.js';

/**
 * Four random words of 32 bits: Philox 4×32-10, key (seed mod 2³², ⌊seed/2³²⌋), counter (k mod 2³², ⌊k/2³²⌋, stream,
 * place).
 */
export function randomWords(seed: number, k: number, stream: number, place: number, out: Uint32Array): void {
  const key = [seed >>> 0, Math.floor(seed / 2 ** 32)] as const;
  philox4x32([k >>> 0, Math.floor(k / 2 ** 32), stream, place], key, out);
}

/** In [0, 1), with 53 bits. */
export function uniform(high: number, low: number): number {
  return (high * 2 ** 21 + (low >>> 11)) / 2 ** 53;
}
