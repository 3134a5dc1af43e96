/** A zstd frame of `length` zeros, written by hand: blocks of one repeated byte, 128 KiB in four bytes. */
export function zstdZeros(length: number): Uint8Array {
  const most = 2 ** 17;
  const blocks = Math.max(1, Math.ceil(length / most));
  const bytes = new Uint8Array(14 + 4 * blocks);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xfd2fb528, true);
  // Content size in eight bytes, and a window as large: from 2 GiB on decoders refuse that, so a small one.
  const singleSegment = length <= 2 ** 20;
  bytes[4] = 0xc0 | (singleSegment ? 0x20 : 0);
  let at = 5;
  if (!singleSegment) bytes[at++] = 0x50;
  view.setBigUint64(at, BigInt(length), true);
  at += 8;
  for (let i = 0; i < blocks; i++) {
    const size = Math.min(most, length - i * most);
    const header = (i === blocks - 1 ? 1 : 0) | (1 << 1) | (size << 3);
    for (const shift of [0, 8, 16]) bytes[at++] = (header >>> shift) & 255;
    at++;
  }
  return bytes.subarray(0, at);
}
