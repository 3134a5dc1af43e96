import { crc32 } from 'node:zlib';
import { checkBudget } from '../shared/allocate.js';
import { type Decode, pageDecoder } from './codecs.js';
import { damaged } from './damaged.js';
import type { ColumnChunk, ParquetFile } from './footer.js';
import { readThrift, type ThriftStruct, thriftCursor, type Wanted } from './thrift.js';
import { decodingBytes } from './values.js';

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
/** Read at once where pages are small, so that many of them do not read the same bytes again and again. */
const WIDE_WINDOW = 2 ** 20;
/** Fields of parquet.thrift by their number. */
const PAGE_HEADER: Wanted = {
  1: true,
  2: true,
  3: true,
  4: true,
  5: { 1: true, 2: true },
  7: { 1: true, 2: true },
  8: { 1: true, 4: true, 5: true, 6: true, 7: true },
};
const [DATA, INDEX, DICTIONARY, DATA_V2] = [0, 1, 2, 3];
/** No value takes more than eight bytes, its levels a few bits; writers add little to that. */
const MAX_VALUE_BYTES = 16;
const SLACK_BYTES = 2 ** 16;

/** Bytes `[start, end)` of the file. */
interface Window {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** Reads the pages of a column one after the other; `held` bytes of the budget are taken already. */
export async function* readPages(
  { source, maxMemory, pressure }: ParquetFile,
  chunk: ColumnChunk,
  held: number,
): AsyncGenerator<Page> {
  let at = chunk.start;
  let decode: Decode | null = null;
  let window: Window = { start: at, end: at, bytes: new Uint8Array(0) };
  while (at < chunk.end) {
    if (Math.min(chunk.end, at + HEADER_WINDOW) > window.end) {
      const end = Math.min(chunk.end, at + (at < window.end ? WIDE_WINDOW : HEADER_WINDOW));
      window = { start: at, end, bytes: source.slice(at, end) };
    }
    const cursor = thriftCursor(window.bytes.subarray(at - window.start), maxMemory);
    const header = readThrift(cursor, PAGE_HEADER);
    const length = cursor.at;
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
    const encoding = details.number(kind === DATA_V2 ? 4 : 2) ?? -1;
    const levels = 2 * values;
    checkBudget(held + packed + plain + levels + decodingBytes(encoding, values, plain), maxMemory);
    await pressure.relieve(packed + plain + levels);
    const body = source.slice(bodyStart, at);
    const crc = header.number(4);
    if (crc !== undefined && crc >>> 0 !== crc32(body)) {
      throw damaged(`the page at byte ${bodyStart - length} does not match its checksum`);
    }
    decode ??= await pageDecoder(chunk.codec);
    const page = { values, encoding };
    if (kind === DATA_V2) yield { kind: 'data', ...page, ...(await readV2(details, decode, body, plain)) };
    else {
      const bytes = await decode(body, plain);
      yield { kind: kind === DICTIONARY ? 'dictionary' : 'data', ...page, levels: null, bytes };
    }
  }
}

async function readV2(
  header: ThriftStruct,
  decode: Decode,
  body: Uint8Array,
  plain: number,
): Promise<Pick<Page, 'levels' | 'bytes'>> {
  const [definition, repetition] = [header.number(5) ?? -1, header.number(6) ?? -1];
  const levels = definition + repetition;
  if (!(definition >= 0 && repetition >= 0 && levels <= body.length && levels <= plain)) {
    throw damaged(`a page of ${body.length} bytes claims ${levels} bytes of levels`);
  }
  const packed = body.subarray(levels);
  // Of a page of nulls alone nothing is left to compress.
  const compressed = (header.boolean(7) ?? true) && !(packed.length === 0 && plain === levels);
  return {
    levels: { repetition: body.subarray(0, repetition), definition: body.subarray(repetition, levels) },
    bytes: compressed ? await decode(packed, plain - levels) : packed,
  };
}
