import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import type { MemoryPressure } from '#io/memory-pressure.js';
import type { TensorType } from '../arrow/tensor-type.js';
import type { ReadMemory } from '../shared/allocate.js';
import { tensorColumns } from './arrow-schema.js';
import { damaged } from './damaged.js';
import { type ParquetColumn, parquetColumns } from './schema.js';
import { readThrift, type ThriftStruct, thriftCursor, type Wanted } from './thrift.js';

/** The pages of one leaf column in one row group. Every byte range is within the file. */
export interface ColumnChunk {
  readonly codec: number;
  /** Values, nulls and empty lists included. */
  readonly values: number;
  readonly start: number;
  readonly end: number;
}

export interface RowGroup {
  readonly rows: number;
  /** Rows of the groups before this one. */
  readonly firstRow: number;
  /** By the number of the leaf. */
  readonly chunks: readonly ColumnChunk[];
}

export interface ParquetFooter {
  readonly columns: readonly ParquetColumn[];
  readonly groups: readonly RowGroup[];
  readonly rows: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** The columns that are tensors of more than one axis a row. */
  readonly tensors: ReadonlyMap<string, TensorType>;
}

/** An open file: what its footer says, and how much reading it may allocate. */
export interface ParquetFile extends ReadMemory {
  readonly source: ByteSource;
  readonly footer: ParquetFooter;
  /** Looked at before each page: decoded pages are garbage. */
  readonly pressure: MemoryPressure;
}

/** Thousands of columns in thousands of row groups. */
const MAX_FOOTER_BYTES = 64 * 2 ** 20;
/** What a column takes beside its part of the footer, with the candidate that it may become. */
const COLUMN_BYTES = 512;
/** The Arrow schema in base64, which no user wrote. */
const ARROW_SCHEMA = 'ARROW:schema';

/** Fields of parquet.thrift by their number. */
const SCHEMA_ELEMENT: Wanted = {
  1: true,
  2: true,
  3: true,
  4: true,
  5: true,
  6: true,
  10: { 10: { 2: true }, 15: {} },
};
const COLUMN_META_DATA: Wanted = { 4: true, 5: true, 7: true, 9: true, 11: true };
const COLUMN_CHUNK: Wanted = { 1: true, 3: COLUMN_META_DATA, 8: true, 9: true };
const FILE_META_DATA: Wanted = {
  2: SCHEMA_ELEMENT,
  3: true,
  4: { 1: COLUMN_CHUNK, 3: true },
  5: { 1: true, 2: true },
  8: true,
};

/** Reads the footer. E203 for a cut file, E204 for a footer that contradicts itself, E205 for encryption. */
export function readParquetFooter(source: ByteSource, maxMemory: number | undefined): ParquetFooter {
  const size = source.byteLength;
  const tail = source.slice(Math.max(0, size - 8), size);
  const magic = String.fromCharCode(...tail.subarray(-4));
  if (magic === 'PARE') throw encrypted();
  if (size < 12 || magic !== 'PAR1') {
    throw new InputError('E203', `the file is cut: it ends at byte ${size} without the closing PAR1`, {
      hint: 'its writer has not finished or the copy is cut; write it again',
    });
  }
  const length = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  const start = size - 8 - length;
  if (start < 4) throw damaged(`its footer claims ${length} of ${size} bytes`);
  if (length > MAX_FOOTER_BYTES) {
    throw damaged(`its footer claims ${length} bytes; ${MAX_FOOTER_BYTES} is the most`);
  }
  const cursor = thriftCursor(source.slice(start, size - 8), maxMemory);
  const struct = readThrift(cursor, FILE_META_DATA);
  if (struct.has(8)) throw encrypted();
  const elements = struct.structs(2) ?? [];
  cursor.charge(elements.length * COLUMN_BYTES);
  const { columns, leaves } = parquetColumns(elements);
  const rows = count(struct.number(3), 'rows');
  let firstRow = 0;
  const groups = (struct.structs(4) ?? []).map((group) => {
    const groupRows = count(group.number(3), 'rows of a group');
    const chunks = (group.structs(1) ?? []).map((chunk) => readChunk(chunk, start));
    if (chunks.length !== leaves) {
      throw damaged(`a row group has ${chunks.length} columns; the schema has ${leaves}`);
    }
    firstRow += groupRows;
    return { rows: groupRows, firstRow: firstRow - groupRows, chunks };
  });
  if (firstRow !== rows) throw damaged(`its row groups have ${firstRow} rows; the footer says ${rows}`);
  checkDisjoint(groups.flatMap(({ chunks }) => chunks));
  const { [ARROW_SCHEMA]: arrowSchema = '', ...metadata } = readMetadata(struct);
  return { columns, groups, rows, metadata, tensors: tensorColumns(arrowSchema, maxMemory) };
}

function readChunk(chunk: ThriftStruct, limit: number): ColumnChunk {
  if (chunk.has(8) || chunk.has(9)) throw encrypted();
  const meta = chunk.struct(3);
  if (chunk.text(1) || meta === undefined) throw damaged('a column lies in another file');
  const dataStart = count(meta.number(9), 'a data page');
  const dictionaryStart = meta.has(11) ? count(meta.number(11), 'a dictionary page') : 0;
  const start = dictionaryStart > 0 ? Math.min(dictionaryStart, dataStart) : dataStart;
  const end = start + count(meta.number(7), 'bytes of a column');
  const values = count(meta.number(5), 'values');
  const codec = count(meta.number(4), 'a codec');
  // A column of no rows has pages of nothing, or none, and then writers put anything for where they begin.
  if (values === 0 && !(start >= 4 && end <= limit)) return { codec, values, start: limit, end: limit };
  if (!(start >= 4 && end <= limit)) {
    throw damaged(`a column spans bytes ${start} to ${end}; the data end at ${limit}`);
  }
  return { codec, values, start, end };
}

/** Pages that serve several columns would make a small file large. */
function checkDisjoint(chunks: readonly ColumnChunk[]): void {
  let reached = 0;
  for (const { start, end } of chunks.toSorted((a, b) => a.start - b.start)) {
    if (start < reached) throw damaged(`two columns share byte ${start}`);
    reached = end;
  }
}

function readMetadata(footer: ThriftStruct): Record<string, string> {
  const metadata: [string, string][] = [];
  for (const pair of footer.structs(5) ?? []) {
    metadata.push([pair.text(1) ?? '', pair.text(2) ?? '']);
  }
  return Object.fromEntries(metadata);
}

function count(value: number | undefined, what: string): number {
  if (value === undefined || !Number.isSafeInteger(value) || value < 0) {
    throw damaged(`its footer gives ${value ?? 'nothing'} for ${what}`);
  }
  return value;
}

function encrypted(): InputError {
  return new InputError('E205', 'this Parquet file is encrypted', { hint: 'write it without encryption' });
}
