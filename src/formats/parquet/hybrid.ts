import { damaged } from './damaged.js';

export type Levels = Uint8Array | Uint32Array;

/**
 * Fills `out` with values of `width` bits (0 to 32) from Parquet's hybrid of runs and bit-packed groups. Never reads
 * beyond `bytes`; E204 where they hold fewer values.
 */
export function decodeHybrid<T extends Levels>(bytes: Uint8Array, width: number, out: T): T {
  if (width > 32) throw damaged(`values of ${width} bits`);
  if (width === 0) return out;
  const count = out.length;
  const valueBytes = Math.ceil(width / 8);
  let at = 0;
  let done = 0;
  while (done < count) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 28) throw damaged(`${done} of ${count} levels or indices`);
      header += (byte & 127) * 2 ** shift;
      if (byte < 128) break;
    }
    if (header % 2 === 0) {
      if (at + valueBytes > bytes.length) throw damaged(`${done} of ${count} levels or indices`);
      let value = 0;
      for (let i = 0; i < valueBytes; i++) value += (bytes[at + i] as number) * 2 ** (8 * i);
      at += valueBytes;
      const length = Math.min(header / 2, count - done);
      // A run of nothing would let a damaged page turn in circles for as long as it has bytes.
      if (length === 0) throw damaged('a run of no values');
      out.fill(value, done, done + length);
      done += length;
    } else {
      const groups = (header - 1) / 2;
      const length = Math.min(groups * 8, count - done);
      if (length === 0) throw damaged('a group of no values');
      // The last group may be cut where its values are not needed.
      if (at + Math.ceil((length * width) / 8) > bytes.length) {
        throw damaged(`${done} of ${count} levels or indices`);
      }
      unpack(bytes, at, width, out, done, length);
      at += groups * width;
      done += length;
    }
  }
  return out;
}

/** Values of `width` bits, lowest first. */
function unpack(
  bytes: Uint8Array,
  start: number,
  width: number,
  out: Levels,
  to: number,
  count: number,
): void {
  if (width === 1) {
    for (let i = 0; i < count; i++) out[to + i] = ((bytes[start + (i >> 3)] as number) >> (i & 7)) & 1;
    return;
  }
  for (let i = 0, bit = 0; i < count; i++, bit += width) {
    let value = 0;
    let have = 0;
    for (let at = start + Math.floor(bit / 8), skip = bit % 8; have < width; at++, skip = 0) {
      const part = (bytes[at] as number) >> skip;
      const take = Math.min(8 - skip, width - have);
      value += (part & ((1 << take) - 1)) * 2 ** have;
      have += take;
    }
    out[to + i] = value;
  }
}
