/** The 16-bit floats that arrive as raw bits in a Uint16Array, by the name the array's owner gives the type. */
export const HALF_DECODERS: Readonly<Record<string, (bits: number) => number>> = {
  float16: decodeFloat16,
  bfloat16: decodeBfloat16,
};

/**
 * IEEE 754 binary16, exactly.
 *
 * @example decodeFloat16(0x3555) // 0.333251953125
 */
export function decodeFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

/**
 * The upper half of a float32, exactly.
 *
 * @example decodeBfloat16(0x3f80) // 1
 */
export function decodeBfloat16(bits: number): number {
  word[0] = bits << 16;
  return float[0]!;
}
