import { InputError } from '#errors.js';
import { decodeNumeric, type Floats, NUMERIC, type NumericType } from '../shared/numeric.js';
import { damaged } from './damaged.js';
import { type DeltaType, decodeDelta } from './delta.js';
import { decodeHybrid } from './hybrid.js';

/** Encodings by their number; those without a name here hold no numbers. */
const ENCODINGS: Readonly<Record<number, string>> = {
  0: 'PLAIN',
  2: 'PLAIN_DICTIONARY',
  3: 'RLE',
  4: 'BIT_PACKED',
  5: 'DELTA_BINARY_PACKED',
  6: 'DELTA_LENGTH_BYTE_ARRAY',
  7: 'DELTA_BYTE_ARRAY',
  8: 'RLE_DICTIONARY',
  9: 'BYTE_STREAM_SPLIT',
};

export const PLAIN = 0;

/** Counts what decoding a page takes beside its `plain` bytes and its numbers: their indices, or their bytes side by side. */
export function decodingBytes(encoding: number, count: number, plain: number): number {
  const name = ENCODINGS[encoding];
  if (name === 'BYTE_STREAM_SPLIT') return plain;
  return name === 'PLAIN_DICTIONARY' || name === 'RLE_DICTIONARY' ? 4 * count : 0;
}

/** Numbers of one page, as they are stored. */
export interface StoredValues {
  readonly type: NumericType;
  readonly encoding: number;
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly dictionary: Floats | null;
  /** Names a number by its index, for messages. */
  readonly where: (index: number) => string;
}

export interface Target {
  readonly data: Floats;
  /** Where the first number goes. */
  readonly at: number;
}

/** Decodes the numbers of a page. E222 beyond 2^53. */
export function decodeValues(stored: StoredValues, out: Target): void {
  const { type, encoding, bytes, count } = stored;
  const name = ENCODINGS[encoding] ?? `number ${encoding}`;
  if (name === 'PLAIN' && type === 'bool') {
    const { data, at } = out;
    need(bytes, Math.ceil(count / 8));
    for (let i = 0; i < count; i++) data[at + i] = ((bytes[i >> 3] as number) >> (i & 7)) & 1;
  } else if (name === 'PLAIN') {
    decodePlain(stored, need(bytes, count * NUMERIC[type].bytes), out);
  } else if (name === 'BYTE_STREAM_SPLIT' && type !== 'bool') {
    decodePlain(stored, join(need(bytes, count * NUMERIC[type].bytes), count), out);
  } else if (name === 'PLAIN_DICTIONARY' || name === 'RLE_DICTIONARY') {
    gather(stored, out);
  } else if (name === 'DELTA_BINARY_PACKED' && isDeltaType(type)) {
    const beyond = decodeDelta(bytes, type, count, out.data, out.at);
    if (beyond >= 0) throw beyondExact(stored.where(beyond));
  } else if (name === 'RLE' && type === 'bool') {
    const bits = decodeHybrid(prefixed(bytes).inner, 1, new Uint8Array(count));
    out.data.set(bits, out.at);
  } else {
    throw new InputError('E205', `the Parquet file has ${type} in the encoding ${name}`, {
      hint: 'write it again: `pyarrow.parquet.write_table(table, path)`',
    });
  }
}

/** What follows a length of four bytes, and what follows that. */
export function prefixed(bytes: Uint8Array): { readonly inner: Uint8Array; readonly rest: Uint8Array } {
  const head = need(bytes, 4);
  const length = new DataView(head.buffer, head.byteOffset).getUint32(0, true);
  need(bytes, 4 + length);
  return { inner: bytes.subarray(4, 4 + length), rest: bytes.subarray(4 + length) };
}

function decodePlain({ type, where }: StoredValues, bytes: Uint8Array, { data, at }: Target): void {
  const inPlace = type === (data instanceof Float32Array ? 'float32' : 'float64');
  if (inPlace) {
    new Uint8Array(data.buffer, data.byteOffset).set(bytes, at * data.BYTES_PER_ELEMENT);
    return;
  }
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  const beyond = decodeNumeric(type, aligned, data, at);
  if (beyond >= 0) throw beyondExact(where(beyond));
}

function beyondExact(where: string): InputError {
  return new InputError('E222', `${where}: a float64 represents integers exactly up to 2^53 = ${2 ** 53}`);
}

function isDeltaType(type: NumericType): type is DeltaType {
  return type === 'int32' || type === 'int64' || type === 'uint32' || type === 'uint64';
}

function gather({ bytes, count, dictionary }: StoredValues, { data, at }: Target): void {
  if (count === 0) return;
  if (dictionary === null) throw damaged('a page refers to a dictionary that is not there');
  const width = bytes[0];
  if (width === undefined) throw damaged('a page of indices is empty');
  const indices = decodeHybrid(bytes.subarray(1), width, new Uint32Array(count));
  for (let i = 0; i < count; i++) {
    const index = indices[i] as number;
    if (index >= dictionary.length) throw damaged(`index ${index} of a dictionary of ${dictionary.length}`);
    data[at + i] = dictionary[index] as number;
  }
}

/** Byte k of every number lies together; puts each number's bytes side by side. */
function join(bytes: Uint8Array, count: number): Uint8Array {
  const size = count === 0 ? 0 : bytes.length / count;
  const out = new Uint8Array(bytes.length);
  for (let k = 0; k < size; k++) {
    for (let i = 0; i < count; i++) out[i * size + k] = bytes[k * count + i] as number;
  }
  return out;
}

function need(bytes: Uint8Array, count: number): Uint8Array {
  if (bytes.length >= count) return bytes.subarray(0, count);
  throw damaged(`a page has ${bytes.length} bytes of values and needs ${count}`);
}
