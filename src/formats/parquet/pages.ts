import { brotliDecompressSync, crc32, gunzipSync } from 'node:zlib';
import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { memorySource } from '#io/memory-source.js';
import { mismatch, damaged as undecodable } from '../codecs/inflate-into.js';
import { decodeLz4Block } from '../codecs/lz4-block.js';
import { decodeSnappy } from '../codecs/snappy.js';
import { decodeZstd } from '../codecs/zstd.js';
import { allocateBytes, checkBudget } from '../shared/allocate.js';
import { type ColumnChunk, damaged } from './footer.js';
import { readThrift, type ThriftStruct } from './thrift.js';

/** One page, decompressed. */
export interface Page {
  readonly kind: 'dictionary' | 'data';
  /** Nulls and empty lists included. */
  readonly values: number;
  readonly encoding: number;
  /** Levels of version 2, which are never compressed; null where they come first in `bytes`. */
  readonly levels: { readonly repetition: Uint8Array; readonly definition: Uint8Array } | null;
  readonly bytes: Uint8Array;
}

/** Headers hold the least and greatest value of their page, which may be long. */
const HEADER_WINDOW = 2 ** 16;
/** By their number in the footer. */
export const CODECS = ['none', 'Snappy', 'gzip', 'LZO', 'Brotli', 'LZ4 (Hadoop)', 'zstd', 'LZ4'] as const;
const [DATA, INDEX, DICTIONARY, DATA_V2] = [0, 1, 2, 3];
/** No value takes more than eight bytes, its levels a few bits; writers add little to that. */
const MAX_VALUE_BYTES = 16;
const SLACK_BYTES = 2 ** 16;

/** Reads the pages of a column one after the other; `held` bytes of the budget are taken already. */
export async function* readPages(
  source: ByteSource,
  chunk: ColumnChunk,
  maxMemory: number | undefined,
  held: number,
): AsyncGenerator<Page> {
  let at = chunk.start;
  while (at < chunk.end) {
    const window = source.slice(at, Math.min(chunk.end, at + HEADER_WINDOW));
    const { struct: header, length } = readThrift(window);
    const [kind, plain, packed] = [header.number(1) ?? -1, header.number(2) ?? -1, header.number(3) ?? -1];
    const bodyStart = at + length;
    if (!(plain >= 0 && packed >= 0 && bodyStart + packed <= chunk.end)) {
      throw damaged(`the page at byte ${at} claims ${packed} bytes; its column ends at ${chunk.end}`);
    }
    at = bodyStart + packed;
    if (kind === INDEX) continue;
    const details = header.struct({ [DATA]: 5, [DICTIONARY]: 7, [DATA_V2]: 8 }[kind] ?? -1);
    if (details === undefined) throw damaged(`the page at byte ${bodyStart - length} is of the kind ${kind}`);
    const values = details.number(1) ?? -1;
    if (!(values >= 0 && values <= chunk.values)) {
      throw damaged(`a page claims ${values} values of the ${chunk.values} in its column`);
    }
    if (plain > values * MAX_VALUE_BYTES + SLACK_BYTES) {
      throw damaged(`a page of ${values} values claims ${plain} bytes`);
    }
    checkBudget(held + packed + plain + 2 * values, maxMemory);
    const body = source.slice(bodyStart, at);
    const crc = header.number(4);
    if (crc !== undefined && crc >>> 0 !== crc32(body)) {
      throw damaged(`the page at byte ${bodyStart - length} does not match its checksum`);
    }
    const page = { values, encoding: details.number(kind === DATA_V2 ? 4 : 2) ?? -1 };
    if (kind === DATA_V2)
      yield { kind: 'data', ...page, ...(await readV2(details, chunk.codec, body, plain)) };
    else {
      const bytes = await decompress(chunk.codec, body, plain);
      yield { kind: kind === DICTIONARY ? 'dictionary' : 'data', ...page, levels: null, bytes };
    }
  }
}

async function readV2(
  header: ThriftStruct,
  codec: number,
  body: Uint8Array,
  plain: number,
): Promise<Pick<Page, 'levels' | 'bytes'>> {
  const [definition, repetition] = [header.number(5) ?? -1, header.number(6) ?? -1];
  const levels = definition + repetition;
  if (!(definition >= 0 && repetition >= 0 && levels <= body.length && levels <= plain)) {
    throw damaged(`a page of ${body.length} bytes claims ${levels} bytes of levels`);
  }
  const packed = body.subarray(levels);
  const compressed = header.boolean(7) ?? true;
  return {
    levels: { repetition: body.subarray(0, repetition), definition: body.subarray(repetition, levels) },
    bytes: compressed ? await decompress(codec, packed, plain - levels) : packed,
  };
}

async function decompress(codec: number, packed: Uint8Array, plain: number): Promise<Uint8Array> {
  const name = CODECS[codec];
  if (name === undefined) throw damaged(`it is compressed in the unknown way ${codec}`);
  if (name === 'LZO' || name === 'LZ4 (Hadoop)') {
    throw new InputError('E205', `the Parquet file is compressed with ${name}`, {
      hint: 'write it again: `pyarrow.parquet.write_table(table, path, compression="zstd")`',
    });
  }
  if (name === 'none') {
    if (packed.length !== plain) throw mismatch('uncompressed', plain, packed.length);
    return packed;
  }
  if (name === 'gzip' || name === 'Brotli') return unzip(name, packed, plain);
  const out = allocateBytes(plain);
  if (name === 'Snappy') decodeSnappy(packed, out);
  else if (name === 'zstd') await decodeZstd(memorySource('', packed), 0, packed.length, out);
  else {
    const end = plain === 0 && packed.length === 0 ? 0 : decodeLz4Block(packed, out, 0);
    if (end !== plain) throw mismatch('LZ4', plain, end);
  }
  return out;
}

function unzip(name: 'gzip' | 'Brotli', packed: Uint8Array, plain: number): Uint8Array {
  let out: Uint8Array;
  try {
    const limit = { maxOutputLength: Math.max(1, plain) };
    out = name === 'gzip' ? gunzipSync(packed, limit) : brotliDecompressSync(packed, limit);
  } catch (cause) {
    throw undecodable(name, cause);
  }
  if (out.length !== plain) throw mismatch(name, plain, out.length);
  return out;
}
