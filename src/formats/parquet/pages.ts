import { crc32 } from 'node:zlib';
import { checkBudget } from '../shared/allocate.js';
import { NUMERIC, type NumericType } from '../shared/numeric.js';
import { Scratch } from '../shared/scratch.js';
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

/** A page by its header, which is checked against its column. */
interface PageHeader {
  /** Where its header begins. */
  readonly from: number;
  readonly kind: Page['kind'];
  readonly values: number;
  readonly encoding: number;
  readonly isV2: boolean;
  readonly details: ThriftStruct;
  readonly crc: number | undefined;
  /** Of the file. */
  readonly body: readonly [start: number, end: number];
  /** Bytes once it is decompressed. */
  readonly plain: number;
  /** Bytes that it takes until its values are decoded, without those. */
  readonly taken: number;
}

/** Reads the pages of a column one after the other, each until the next is asked for; `held` bytes of the budget are taken already. */
export async function* readPages(
  file: ParquetFile,
  chunk: ColumnChunk,
  leaf: NumericType,
  held: number,
): AsyncGenerator<Page> {
  const { source, maxMemory, pressure } = file;
  let decode: Decode | null = null;
  let dictionary = 0;
  const [packed, room] = [new Scratch(), new Scratch()];
  for (const page of pageHeaders(file, chunk)) {
    const { kind, values, encoding, plain, taken } = page;
    if (kind === 'dictionary') dictionary = dictionaryBytes(page, leaf);
    checkBudget(held + dictionary + taken, maxMemory);
    await pressure.relieve(taken);
    const [start, end] = page.body;
    const body = packed.take(end - start);
    source.readInto(body, start);
    if (page.crc !== undefined && page.crc >>> 0 !== crc32(body)) {
      throw damaged(`the page at byte ${page.from} does not match its checksum`);
    }
    decode ??= await pageDecoder(chunk.codec);
    const levels = page.isV2
      ? await readV2(page.details, (bytes, length) => decode!(bytes, length, room), body, plain)
      : null;
    yield { kind, values, encoding, ...(levels ?? { levels: null, bytes: await decode(body, plain, room) }) };
  }
}

/** Counts what reading the pages of a column takes at once, at most, beside its values. Reads headers alone. */
export function takenByPages(file: ParquetFile, chunk: ColumnChunk, leaf: NumericType): number {
  let [most, dictionary] = [0, 0];
  for (const page of pageHeaders(file, chunk)) {
    if (page.kind === 'dictionary') dictionary = dictionaryBytes(page, leaf);
    most = Math.max(most, dictionary + page.taken);
  }
  return most;
}

function dictionaryBytes({ values }: PageHeader, leaf: NumericType): number {
  return values * (NUMERIC[leaf].wide ? 8 : 4);
}

function* pageHeaders({ source, maxMemory }: ParquetFile, chunk: ColumnChunk): Generator<PageHeader> {
  let at = chunk.start;
  let window: Window = { start: at, end: at, bytes: new Uint8Array(0) };
  while (at < chunk.end) {
    if (Math.min(chunk.end, at + HEADER_WINDOW) > window.end) {
      const end = Math.min(chunk.end, at + (at < window.end ? WIDE_WINDOW : HEADER_WINDOW));
      window = { start: at, end, bytes: source.slice(at, end) };
    }
    const cursor = thriftCursor(window.bytes.subarray(at - window.start), maxMemory);
    const header = readThrift(cursor, PAGE_HEADER);
    const [kind, plain, packed] = [header.number(1) ?? -1, header.number(2) ?? -1, header.number(3) ?? -1];
    const start = at + cursor.at;
    const end = start + packed;
    if (!(plain >= 0 && packed >= 0 && end <= chunk.end)) {
      throw damaged(`the page at byte ${at} claims ${packed} bytes; its column ends at ${chunk.end}`);
    }
    const from = at;
    at = end;
    if (kind === INDEX) continue;
    const details = header.struct({ [DATA]: 5, [DICTIONARY]: 7, [DATA_V2]: 8 }[kind] ?? -1);
    if (details === undefined) throw damaged(`the page at byte ${from} is of the kind ${kind}`);
    const values = details.number(1) ?? -1;
    if (!(values >= 0 && values <= chunk.values)) {
      throw damaged(`a page claims ${values} values of the ${chunk.values} in its column`);
    }
    if (plain > values * MAX_VALUE_BYTES + SLACK_BYTES) {
      throw damaged(`a page of ${values} values claims ${plain} bytes`);
    }
    const encoding = details.number(kind === DATA_V2 ? 4 : 2) ?? -1;
    yield {
      kind: kind === DICTIONARY ? 'dictionary' : 'data',
      isV2: kind === DATA_V2,
      from,
      values,
      encoding,
      details,
      crc: header.number(4),
      body: [start, end],
      plain,
      taken: packed + plain + 2 * values + decodingBytes(encoding, values, plain),
    };
  }
}

async function readV2(
  header: ThriftStruct,
  decode: (packed: Uint8Array, plain: number) => ReturnType<Decode>,
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
