import type { PlainBuffer } from './buffers.js';
import { damaged } from './damaged.js';

const WINDOW_BYTES = 2 ** 20;

/**
 * Finds the first null among entries `[start, end)` of a validity bitmap, one bit an entry, lowest bit first.
 * Returns its index or -1. A bitmap is looked at wherever there is one, whatever the null count beside it says.
 */
export function findNull(bitmap: PlainBuffer, nullCount: number, start: number, end: number): number {
  if (bitmap.length === 0) {
    if (nullCount > 0) throw damaged(`a column claims ${nullCount} nulls and does not say which`);
    return -1;
  }
  const lastByte = Math.ceil(end / 8);
  if (lastByte > bitmap.length)
    throw damaged(`a validity bitmap has ${bitmap.length} bytes and needs ${lastByte}`);
  for (let from = Math.floor(start / 8); from < lastByte; from += WINDOW_BYTES) {
    const bytes = bitmap.source.slice(
      bitmap.start + from,
      bitmap.start + Math.min(lastByte, from + WINDOW_BYTES),
    );
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i] === 0xff) continue;
      for (let bit = 0; bit < 8; bit++) {
        const entry = (from + i) * 8 + bit;
        if (entry >= start && entry < end && (((bytes[i] as number) >> bit) & 1) === 0) return entry;
      }
    }
  }
  return -1;
}
