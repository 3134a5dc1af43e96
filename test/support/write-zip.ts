import { crc32, deflateRawSync } from 'node:zlib';

export interface Member {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly deflated: boolean;
}

/** An archive written by hand, independent of the reader. */
export function writeZip(members: readonly Member[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes, deflated } of members) {
    const label = Buffer.from(name);
    const data = deflated ? deflateRawSync(bytes) : bytes;
    const sizes = (view: DataView, at: number): void => {
      view.setUint16(at, deflated ? 8 : 0, true);
      view.setUint32(at + 6, crc32(bytes), true);
      view.setUint32(at + 10, data.length, true);
      view.setUint32(at + 14, bytes.length, true);
      view.setUint16(at + 18, label.length, true);
    };
    const local = new Uint8Array(30);
    local.set([0x50, 0x4b, 3, 4]);
    sizes(new DataView(local.buffer), 8);
    const entry = new Uint8Array(46);
    entry.set([0x50, 0x4b, 1, 2]);
    sizes(new DataView(entry.buffer), 10);
    new DataView(entry.buffer).setUint32(42, offset, true);
    parts.push(local, label, data);
    directory.push(entry, label);
    offset += 30 + label.length + data.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = new Uint8Array(22);
  end.set([0x50, 0x4b, 5, 6]);
  const view = new DataView(end.buffer);
  view.setUint16(10, members.length, true);
  view.setUint32(12, size, true);
  view.setUint32(16, offset, true);
  return new Uint8Array(Buffer.concat([...parts, ...directory, end]));
}
