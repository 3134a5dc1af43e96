/** The exponent e with 2^e ≤ x < 2^(e+1), for finite x > 0, subnormals included. */
export function exponentOf(x: number): number {
  const e = Math.floor(Math.log2(x));
  // log2 rounds: just below a power of two it can land on it.
  return timesPowerOfTwo(x, -e) < 1 ? e - 1 : e;
}

/** x · 2^e with at most one rounding, for any |e| ≤ 2100 and a result that may be subnormal. */
export function timesPowerOfTwo(x: number, e: number): number {
  if (e >= -1022 && e <= 1023) return x * 2 ** e;
  const half = Math.trunc(e / 2);
  return x * 2 ** half * 2 ** (e - half);
}

/** Every value times 2^e, rounded as `timesPowerOfTwo` rounds it. */
export function eachTimesPowerOfTwo(values: Float64Array, e: number): Float64Array {
  if (e < -1022 || e > 1023) return values.map((x) => timesPowerOfTwo(x, e));
  const unit = 2 ** e;
  const scaled = new Float64Array(values.length);
  for (let k = 0; k < values.length; k++) scaled[k] = values[k]! * unit;
  return scaled;
}
