/** Writes the files that are read, 256 MiB of float32 each unless their name says otherwise, and prints what they are. */
import { openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { Type } from 'apache-arrow/fb/type';
import { batchMessage, concat, END, float32, schemaMessage } from '../../test/formats/arrow-build.js';
import { lz4Frame } from './lz4-compress.js';

const folder = process.argv[2] ?? '.';
const SIZES = { big: [65_536, 1024], small: [8, 16] } as const;

let state = 1;
const uniform = (): number => {
  state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return ((state >>> 0) + 0.5) / 2 ** 32;
};
/** Rounded to bfloat16, as embeddings of a mixed-precision run are: half of the bytes then compress. */
const values = (count: number): Float32Array => {
  const out = Float32Array.from({ length: count }, () => uniform() + uniform() + uniform() - 1.5);
  const bits = new Uint32Array(out.buffer);
  for (let i = 0; i < count; i++) bits[i] = (bits[i] as number) & 0xffff0000;
  return out;
};
const bytesOf = (array: Float32Array | Uint16Array | Int32Array): Uint8Array => new Uint8Array(array.buffer);

function npyHeader(descr: string, fortran: boolean, shape: readonly number[]): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape.join(', ')}), }`;
  const head = Buffer.from(`\x93NUMPY\x01\0\x76\0${text.padEnd(117)}\n`, 'latin1');
  return new Uint8Array(head);
}

function write(name: string, ...parts: Uint8Array[]): void {
  const fd = openSync(join(folder, name), 'w');
  for (const part of parts) {
    for (let at = 0; at < part.length; ) at += writeSync(fd, part, at, Math.min(2 ** 28, part.length - at));
  }
}

/** One list column in one batch; `codec` compresses offsets and values. */
function arrow(
  rows: number,
  cols: number,
  data: Uint8Array,
  codec: 'LZ4' | null,
): { parts: Uint8Array[]; start: number; end: number } {
  const list = [{ name: 'x', type: Type.List, children: [float32('item')] }];
  const offsets = bytesOf(Int32Array.from({ length: rows + 1 }, (_, i) => i * cols));
  const pack = (bytes: Uint8Array): Uint8Array => {
    if (codec === null) return bytes;
    const prefix = new Uint8Array(8);
    new DataView(prefix.buffer).setBigInt64(0, BigInt(bytes.length), true);
    const frame = concat(prefix, lz4Frame(bytes));
    return concat(frame, new Uint8Array(-frame.length & 7));
  };
  const [first, second] = [pack(offsets), pack(data)];
  const padded = concat(first, new Uint8Array(-first.length & 63));
  const nodes = [
    [rows, 0],
    [rows * cols, 0],
  ] as const;
  // Without its padding, which belongs to the body and not to the frame.
  const length = codec === null ? second.length : unpadded(second);
  const buffers = [
    [0, 0],
    [0, codec === null ? first.length : unpadded(first)],
    [0, 0],
    [padded.length, length],
  ] as const;
  const bodyLength = padded.length + second.length;
  const header = batchMessage(rows, nodes, buffers, new Uint8Array(0), bodyLength, codec);
  const schema = schemaMessage(list);
  const start = schema.length + header.length + padded.length + 8;
  return { parts: [schema, header, padded, second, END], start, end: start + length - 8 };
}

/** Where the frame's end mark is: the last four zeros before the padding. */
function unpadded(bytes: Uint8Array): number {
  let at = 8 + 7;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (;;) {
    const size = view.getUint32(at, true);
    at += 4;
    if (size === 0) return at;
    at += size & 0x7fffffff;
  }
}

function npz(content: Uint8Array, deflated: boolean): { parts: Uint8Array[]; start: number; end: number } {
  const name = Buffer.from('x.npy');
  const data = deflated ? new Uint8Array(deflateRawSync(content, { level: 1 })) : content;
  const fields = (at: number, total: number): Uint8Array => {
    const out = new Uint8Array(total);
    const view = new DataView(out.buffer);
    view.setUint16(at, deflated ? 8 : 0, true);
    view.setUint32(at + 6, crc32(content), true);
    view.setUint32(at + 10, data.length, true);
    view.setUint32(at + 14, content.length, true);
    view.setUint16(at + 18, name.length, true);
    return out;
  };
  const local = fields(8, 30);
  local.set([0x50, 0x4b, 3, 4]);
  const entry = fields(10, 46);
  entry.set([0x50, 0x4b, 1, 2]);
  const end = new Uint8Array(22);
  end.set([0x50, 0x4b, 5, 6]);
  const view = new DataView(end.buffer);
  view.setUint16(10, 1, true);
  view.setUint32(12, 46 + name.length, true);
  view.setUint32(16, 30 + name.length + data.length, true);
  const start = 30 + name.length;
  return { parts: [local, name, data, entry, name, end], start, end: start + data.length };
}

function safetensors(rows: number, cols: number, data: Uint8Array): Uint8Array[] {
  const header = Buffer.from(
    JSON.stringify({ x: { dtype: 'F32', shape: [rows, cols], data_offsets: [0, data.length] } }),
  );
  const length = new Uint8Array(8);
  new DataView(length.buffer).setUint32(0, header.length, true);
  return [length, header, data];
}

const places: Record<string, { start: number; end: number; plain: number }> = {};
for (const [size, [rows, cols]] of Object.entries(SIZES)) {
  const data = bytesOf(values(rows * cols));
  write(`${size}.npy`, npyHeader('<f4', false, [rows, cols]), data);
  write(`${size}.fortran.npy`, npyHeader('<f4', true, [rows, cols]), data);
  const halves = Uint16Array.from({ length: rows * cols }, () => uniform() * 0x7bff);
  write(`${size}.f2.npy`, npyHeader('<f2', false, [rows, cols]), bytesOf(halves));
  write(`${size}.arrow`, ...arrow(rows, cols, data, null).parts);
  const packed = arrow(rows, cols, data, 'LZ4');
  write(`${size}.lz4.arrow`, ...packed.parts);
  places[`${size}.lz4.arrow`] = { start: packed.start, end: packed.end, plain: data.length };
  const content = concat(npyHeader('<f4', false, [rows, cols]), data);
  write(`${size}.npz`, ...npz(content, false).parts);
  const deflated = npz(content, true);
  write(`${size}.deflated.npz`, ...deflated.parts);
  places[`${size}.deflated.npz`] = { start: deflated.start, end: deflated.end, plain: content.length };
  write(`${size}.safetensors`, ...safetensors(rows, cols, data));
}
writeFileSync(join(folder, 'places.json'), JSON.stringify(places));
