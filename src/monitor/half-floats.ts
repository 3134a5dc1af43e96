import { halfValue } from '#numerics/floating/half.js';

/** The 16-bit floats that arrive as raw bits in a Uint16Array, by the name the array's owner gives the type. */
export const HALF_DECODERS: Readonly<Record<string, (bits: number) => number>> = {
  float16: halfValue,
  bfloat16: decodeBfloat16,
};

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
