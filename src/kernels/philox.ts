/**
 * Philox 4×32 with 10 rounds (Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC 2011): four 32-bit words
 * from a 128-bit counter and a 64-bit key, written to `out`. A counter-based generator: any block can be had alone.
 * Counter (0, 0, 0, 0) under key (0, 0) gives 6627e8d5 e169c58d bc57ac4c 9b00dbd8.
 */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
  out: Uint32Array,
): void {
  // Integers of 32 bits all along: as doubles this takes more than twice as long.
  let c0 = counter[0] | 0;
  let c1 = counter[1] | 0;
  let c2 = counter[2] | 0;
  let c3 = counter[3] | 0;
  let k0 = key[0] | 0;
  let k1 = key[1] | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0x1f53, 0xd251, c0);
    const high1 = multiplyHigh(0x8d57, 0xcd9e, c2);
    const low0 = Math.imul(0xd2511f53, c0);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** The upper 32 bits of the 64-bit product of two unsigned 32-bit words, the first in halves of 16 bits. */
function multiplyHigh(aLow: number, aHigh: number, b: number): number {
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  // Both sums stay below 2³², which `>>>` reads the bits as.
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const cross = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16)) | 0;
}
