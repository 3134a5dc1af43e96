import type { ByteSource } from '#io/byte-source.js';
import type { Floats } from '../shared/numeric.js';

const WINDOW_BYTES = 2 ** 16;

/** Reads `count` booleans, one bit each, lowest bit first, from bit `first` of the buffer at byte `start`, as 0 and 1. */
export function readBits(
  source: ByteSource,
  start: number,
  first: number,
  count: number,
  out: Floats,
  at: number,
): void {
  const end = first + count;
  for (let from = Math.floor(first / 8); from * 8 < end; from += WINDOW_BYTES) {
    const to = Math.min(Math.ceil(end / 8), from + WINDOW_BYTES);
    const bytes = source.slice(start + from, start + to);
    for (let bit = Math.max(first, from * 8); bit < Math.min(end, to * 8); bit++) {
      out[at + bit - first] = ((bytes[Math.floor(bit / 8) - from] as number) >> (bit % 8)) & 1;
    }
  }
}
