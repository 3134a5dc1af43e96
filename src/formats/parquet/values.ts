import { InputError } from '#errors.js';
import { decodeNumeric, type Floats, NUMERIC, type NumericType } from '../shared/numeric.js';
import { damaged } from './footer.js';
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

/** Decodes `count` numbers of a page into `out[at …]`. `where(i)` names number i. E222 beyond 2^53. */
export function decodeValues(
  type: NumericType,
  encoding: number,
  bytes: Uint8Array,
  count: number,
  dictionary: Floats | null,
  out: Floats,
  at: number,
  where: (index: number) => string,
): void {
  const name = ENCODINGS[encoding] ?? `number ${encoding}`;
  if (name === 'PLAIN' && type === 'bool') {
    need(bytes, Math.ceil(count / 8));
    for (let i = 0; i < count; i++) out[at + i] = ((bytes[i >> 3] as number) >> (i & 7)) & 1;
  } else if (name === 'PLAIN') {
    decodePlain(type, need(bytes, count * NUMERIC[type].bytes), out, at, where);
  } else if (name === 'BYTE_STREAM_SPLIT' && type !== 'bool') {
    decodePlain(type, join(need(bytes, count * NUMERIC[type].bytes), count), out, at, where);
  } else if (name === 'PLAIN_DICTIONARY' || name === 'RLE_DICTIONARY') {
    gather(bytes, count, dictionary, out, at);
  } else if (name === 'RLE' && type === 'bool') {
    const bits = decodeHybrid(prefixed(bytes).inner, 1, new Uint8Array(count));
    out.set(bits, at);
  } else {
    throw new InputError('E205', `the Parquet file holds ${type} in the encoding ${name}`, {
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

function decodePlain(
  type: NumericType,
  bytes: Uint8Array,
  out: Floats,
  at: number,
  where: (index: number) => string,
): void {
  const inPlace = type === (out instanceof Float32Array ? 'float32' : 'float64');
  if (inPlace) {
    new Uint8Array(out.buffer, out.byteOffset).set(bytes, at * out.BYTES_PER_ELEMENT);
    return;
  }
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  const beyond = decodeNumeric(type, aligned, out, at);
  if (beyond >= 0) {
    throw new InputError('E222', `${where(beyond)}: a float64 holds integers up to 2^53 = ${2 ** 53}`);
  }
}

function gather(bytes: Uint8Array, count: number, dictionary: Floats | null, out: Floats, at: number): void {
  if (count === 0) return;
  if (dictionary === null) throw damaged('a page refers to a dictionary that is not there');
  const width = bytes[0];
  if (width === undefined) throw damaged('a page of indices is empty');
  const indices = decodeHybrid(bytes.subarray(1), width, new Uint32Array(count));
  for (let i = 0; i < count; i++) {
    const index = indices[i] as number;
    if (index >= dictionary.length) throw damaged(`index ${index} of a dictionary of ${dictionary.length}`);
    out[at + i] = dictionary[index] as number;
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
