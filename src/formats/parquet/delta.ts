import type { Floats } from '../shared/numeric.js';
import { damaged } from './damaged.js';

export type DeltaType = 'int32' | 'uint32' | 'int64' | 'uint64';

const MAX_VARINT_BYTES = 10;
/** Values that a miniblock is a multiple of. */
const GROUP = 32;
/** What every block may have of miniblocks, and those of values; writers have four of 32. */
const MAX_MINIBLOCKS = 256;
const MAX_VALUES = 2 ** 24;
const EXACT = 2 ** 53;

/**
 * Decodes DELTA_BINARY_PACKED integers into `out[at …]`: a first value, then blocks of differences above their least.
 * Sums wrap as integers of the type do. Returns -1, or the index of the first value beyond ±2^53, where it ends.
 */
export function decodeDelta(
  bytes: Uint8Array,
  type: DeltaType,
  count: number,
  out: Floats,
  at: number,
): number {
  const reader = new Reader(bytes);
  const block = reader.count();
  const miniblocks = reader.count();
  const total = reader.count();
  const size = block / miniblocks;
  if (!(miniblocks >= 1 && miniblocks <= MAX_MINIBLOCKS && size % GROUP === 0 && size <= MAX_VALUES)) {
    throw damaged(`a page has blocks of ${block} values in ${miniblocks} parts`);
  }
  if (total !== count) throw damaged(`a page of ${count} values claims ${total}`);
  const bits = type.endsWith('32') ? 32 : 64;
  const isSigned = !type.startsWith('u');
  const first = BigInt.asIntN(bits, reader.zigzag());
  if (count === 0) return -1;
  let value = exact(first);
  const store = (index: number): boolean => {
    const isBeyond = Number.isNaN(value) || (bits === 64 && !isSigned && value < 0);
    if (!isBeyond) out[at + index] = isSigned || bits === 64 ? value : value >>> 0;
    return !isBeyond;
  };
  if (!store(0)) return 0;
  for (let done = 1; done < count; ) {
    const least = BigInt.asIntN(bits, reader.zigzag());
    const step = Number(least);
    const widths = reader.take(miniblocks);
    for (let m = 0; m < miniblocks && done < count; m++) {
      const width = widths[m]!;
      if (width > bits) throw damaged(`differences of ${width} bits`);
      const wanted = Math.min(size, count - done);
      // What is not needed of the last part may be cut.
      const needed = Math.ceil((wanted * width) / 8);
      const packed = reader.take(Math.max(needed, Math.min((size * width) / 8, reader.left)));
      const isSmall = width <= 32 && Math.abs(step) < EXACT / 2;
      for (let i = 0; i < wanted; i++, done++) {
        const next = isSmall ? value + step + smallBits(packed, i * width, width) : Number.NaN;
        if (isSmall && bits === 32) value = next | 0;
        else if (Math.abs(next) < EXACT) value = next;
        else value = exact(BigInt.asIntN(bits, BigInt(value) + least + wideBits(packed, i * width, width)));
        if (!store(done)) return done;
      }
    }
  }
  return -1;
}

/** NaN for what a float64 cannot hold. */
function exact(value: bigint): number {
  return value >= -BigInt(EXACT) && value <= BigInt(EXACT) ? Number(value) : Number.NaN;
}

function smallBits(bytes: Uint8Array, bit: number, width: number): number {
  let value = 0;
  let have = 0;
  for (let at = Math.floor(bit / 8), skip = bit % 8; have < width; at++, skip = 0) {
    const take = Math.min(8 - skip, width - have);
    value += ((bytes[at]! >> skip) & ((1 << take) - 1)) * 2 ** have;
    have += take;
  }
  return value;
}

function wideBits(bytes: Uint8Array, bit: number, width: number): bigint {
  const low = BigInt(smallBits(bytes, bit, Math.min(32, width)));
  return width <= 32 ? low : low | (BigInt(smallBits(bytes, bit + 32, width - 32)) << 32n);
}

class Reader {
  #at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get left(): number {
    return this.bytes.length - this.#at;
  }

  take(count: number): Uint8Array {
    if (count > this.left) throw damaged(`a page of differences ends ${count - this.left} bytes early`);
    this.#at += count;
    return this.bytes.subarray(this.#at - count, this.#at);
  }

  count(): number {
    const value = Number(this.varint());
    if (!Number.isSafeInteger(value)) throw damaged(`a page of differences claims ${value} values`);
    return value;
  }

  zigzag(): bigint {
    const value = this.varint();
    return (value >> 1n) ^ -(value & 1n);
  }

  private varint(): bigint {
    let value = 0n;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      const byte = this.take(1)[0]!;
      value |= BigInt(byte & 127) << BigInt(7 * i);
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw damaged(`an integer of more than ${MAX_VARINT_BYTES} bytes`);
  }
}
