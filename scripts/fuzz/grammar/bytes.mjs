/** Writers of little-endian bytes, and choices that generators share. */
export const text = (string) => new Uint8Array(Buffer.from(string));
export const join = (...parts) => new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part))));

export function int(value, bytes) {
  const out = new Uint8Array(bytes);
  let rest = BigInt.asUintN(8 * bytes, BigInt(value));
  for (let i = 0; i < bytes; i++, rest >>= 8n) out[i] = Number(rest & 255n);
  return out;
}

export function varint(value) {
  const out = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  out.push(Number(rest));
  return Uint8Array.from(out);
}

export const zigzag = (value) => varint(value < 0 ? -2n * BigInt(value) - 1n : 2n * BigInt(value));

/** One of the arguments. */
export const pick = (next, ...choices) => choices[next(choices.length)];

/** A count: mostly small, sometimes at the edge of what an integer holds. */
export function count(next) {
  return next(8) > 0
    ? next(6)
    : pick(next, 255, 65535, 65536, 2 ** 24, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 40, 2 ** 53);
}

/** `make` a few times, at most `most`; where that is left open, now and then very often. */
export function several(next, make, most = 300) {
  const length = Math.min(most, next(20) > 0 ? next(5) : 1 + next(300));
  return Array.from({ length }, (_, i) => make(i));
}

export const name = (next) =>
  pick(next, 'prediction', 'target', 'step', 'x', '', 'é'.repeat(3), 'y'.repeat(next(2000)));
