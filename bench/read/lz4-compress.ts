/** A greedy LZ4 compressor, for files to read back: independent 4 MiB blocks, no checksums. */
const BLOCK = 2 ** 22;

export function lz4Frame(bytes: Uint8Array): Uint8Array {
  // Magic, version 1 with independent blocks, 4 MiB blocks, and the checksum of those two bytes.
  const parts: Uint8Array[] = [Uint8Array.of(0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0x73)];
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const block = bytes.subarray(at, Math.min(bytes.length, at + BLOCK));
    const packed = compress(block);
    const stored = packed.length >= block.length;
    const size = new Uint8Array(4);
    new DataView(size.buffer).setUint32(0, stored ? block.length + 2 ** 31 : packed.length, true);
    parts.push(size, stored ? block : packed);
  }
  parts.push(new Uint8Array(4));
  return new Uint8Array(Buffer.concat(parts));
}

function compress(block: Uint8Array): Uint8Array {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const seen = new Int32Array(2 ** 16).fill(-1);
  const out = new Uint8Array(block.length + block.length / 128 + 64);
  let to = 0;
  const length = (rest: number): void => {
    let left = rest;
    for (; left >= 255; left -= 255) out[to++] = 255;
    out[to++] = left;
  };
  const literals = (from: number, end: number, match: number): void => {
    const count = end - from;
    out[to++] = (Math.min(15, count) << 4) | Math.min(15, match);
    if (count >= 15) length(count - 15);
    out.set(block.subarray(from, end), to);
    to += count;
  };
  let anchor = 0;
  const last = block.length - 12;
  for (let at = 0; at < last; ) {
    const word = view.getUint32(at, true);
    const hash = Math.imul(word, 2654435761) >>> 16;
    const before = seen[hash] as number;
    seen[hash] = at;
    if (before < 0 || at - before > 65_535 || view.getUint32(before, true) !== word) {
      at++;
      continue;
    }
    let end = at + 4;
    while (end < block.length - 5 && block[end] === block[before + end - at]) end++;
    const match = end - at - 4;
    literals(anchor, at, match);
    out[to++] = (at - before) & 255;
    out[to++] = (at - before) >> 8;
    if (match >= 15) length(match - 15);
    at = end;
    anchor = end;
  }
  literals(anchor, block.length, 0);
  return out.subarray(0, to);
}
