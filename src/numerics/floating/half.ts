const table = new Float32Array(65_536);
let filled = false;

/** IEEE 754 binary16: the value of every bit pattern, exact in float32. Built on first use, 256 KiB. */
export function halfTable(): Float32Array {
  if (!filled) {
    for (let bits = 0; bits < table.length; bits++) table[bits] = halfValue(bits);
    filled = true;
  }
  return table;
}

/**
 * The value of one bit pattern, exactly.
 *
 * @example halfValue(0x3555) // 0.333251953125
 */
export function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
