import { halfTable } from '#numerics/floating/half.js';

/** Element types whose values become numbers, by numpy's names. */
export const NUMERIC = {
  bool: { bytes: 1, wide: true },
  int8: { bytes: 1, wide: true },
  uint8: { bytes: 1, wide: true },
  int16: { bytes: 2, wide: true },
  uint16: { bytes: 2, wide: true },
  int32: { bytes: 4, wide: true },
  uint32: { bytes: 4, wide: true },
  int64: { bytes: 8, wide: true },
  uint64: { bytes: 8, wide: true },
  float16: { bytes: 2, wide: false },
  bfloat16: { bytes: 2, wide: false },
  float32: { bytes: 4, wide: false },
  float64: { bytes: 8, wide: true },
} as const satisfies Record<string, { readonly bytes: number; readonly wide: boolean }>;

/** `wide` types become float64, the others float32; both exactly. */
export type NumericType = keyof typeof NUMERIC;

export type Floats = Float32Array | Float64Array;

/** Bytes that an element of this type takes once it is read; of an unknown type, as many as it might. */
export function bytesInMemory(dtype: string): number {
  const known: { readonly wide: boolean } | undefined = NUMERIC[dtype as NumericType];
  return known?.wide === false ? 4 : 8;
}

/**
 * Decodes little-endian elements into `out[at …]`. `raw` begins at a multiple of eight in its buffer and holds
 * whole elements. Returns -1, or the index of the first integer beyond ±2^53, which a float64 cannot hold.
 */
export function decodeNumeric(type: NumericType, raw: Uint8Array, out: Floats, at: number): number {
  const { buffer, byteOffset } = raw;
  const count = raw.length / NUMERIC[type].bytes;
  switch (type) {
    case 'bool':
      for (let i = 0; i < count; i++) out[at + i] = raw[i] === 0 ? 0 : 1;
      return -1;
    case 'int8':
      out.set(new Int8Array(buffer, byteOffset, count), at);
      return -1;
    case 'uint8':
      out.set(raw, at);
      return -1;
    case 'int16':
      out.set(new Int16Array(buffer, byteOffset, count), at);
      return -1;
    case 'uint16':
      out.set(new Uint16Array(buffer, byteOffset, count), at);
      return -1;
    case 'int32':
      out.set(new Int32Array(buffer, byteOffset, count), at);
      return -1;
    case 'uint32':
      out.set(new Uint32Array(buffer, byteOffset, count), at);
      return -1;
    case 'float32':
      out.set(new Float32Array(buffer, byteOffset, count), at);
      return -1;
    case 'float64':
      out.set(new Float64Array(buffer, byteOffset, count), at);
      return -1;
    case 'float16':
      decodeHalf(new Uint16Array(buffer, byteOffset, count), out, at);
      return -1;
    case 'bfloat16':
      decodeBfloat16(new Uint16Array(buffer, byteOffset, count), out, at);
      return -1;
    case 'int64':
      return decodeInt64(new Int32Array(buffer, byteOffset, 2 * count), out, at);
    case 'uint64':
      return decodeUint64(new Uint32Array(buffer, byteOffset, 2 * count), out, at);
  }
}

function decodeHalf(halves: Uint16Array, out: Floats, at: number): void {
  const table = halfTable();
  for (let i = 0; i < halves.length; i++) out[at + i] = table[halves[i] as number] as number;
}

/** bfloat16 is the upper half of a float32. */
function decodeBfloat16(halves: Uint16Array, out: Floats, at: number): void {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = (halves[i] as number) << 16;
  out.set(new Float32Array(bits.buffer), at);
}

function decodeInt64(words: Int32Array, out: Floats, at: number): number {
  for (let i = 0; i < words.length; i += 2) {
    const low = (words[i] as number) >>> 0;
    const high = words[i + 1] as number;
    if ((high >= 2 ** 21 && (high > 2 ** 21 || low > 0)) || high < -(2 ** 21)) return i / 2;
    out[at + i / 2] = high * 2 ** 32 + low;
  }
  return -1;
}

function decodeUint64(words: Uint32Array, out: Floats, at: number): number {
  for (let i = 0; i < words.length; i += 2) {
    const low = words[i] as number;
    const high = words[i + 1] as number;
    if (high >= 2 ** 21 && (high > 2 ** 21 || low > 0)) return i / 2;
    out[at + i / 2] = high * 2 ** 32 + low;
  }
  return -1;
}

/** Reverses the bytes of every element in place. */
export function swapBytes(raw: Uint8Array, size: number): void {
  if (size === 2) swap2(raw);
  else if (size === 4) swap4(raw);
  else if (size === 8) swap8(raw);
}

function swap2(raw: Uint8Array): void {
  const words = new Uint16Array(raw.buffer, raw.byteOffset, raw.length / 2);
  for (let i = 0; i < words.length; i++) {
    const w = words[i] as number;
    words[i] = (w << 8) | (w >>> 8);
  }
}

function swap4(raw: Uint8Array): void {
  const words = new Uint32Array(raw.buffer, raw.byteOffset, raw.length / 4);
  for (let i = 0; i < words.length; i++) words[i] = reverse32(words[i] as number);
}

function swap8(raw: Uint8Array): void {
  const words = new Uint32Array(raw.buffer, raw.byteOffset, raw.length / 4);
  for (let i = 0; i < words.length; i += 2) {
    const first = words[i] as number;
    words[i] = reverse32(words[i + 1] as number);
    words[i + 1] = reverse32(first);
  }
}

function reverse32(w: number): number {
  return (w << 24) | ((w & 0xff00) << 8) | ((w >>> 8) & 0xff00) | (w >>> 24);
}
