import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import type { Budget } from '../shared/budget.js';
import { Cursor } from '../shared/cursor.js';
import { damaged } from './damaged.js';
import { FlatTable } from './flatbuffer.js';
import { type ArrowSchema, readArrowSchema } from './schema.js';

/** Slots of Message.fbs. */
const MESSAGE = { version: 0, headerType: 1, header: 2, bodyLength: 3 } as const;
const RECORD_BATCH = { length: 0, nodes: 1, buffers: 2, compression: 3, variadicBufferCounts: 4 } as const;
const BODY_COMPRESSION = { codec: 0, method: 1 } as const;
/** What a message can be about. */
const SCHEMA = 1;
const DICTIONARY_BATCH = 2;
const BATCH = 3;
const TENSOR = 4;
const SPARSE_TENSOR = 5;
/** Bytes of a FieldNode and of a Buffer: two numbers of 64 bits. */
const PAIR_BYTES = 16;
/** What a batch takes beside its lists. */
const BATCH_BYTES = 256;

/** Schemas of thousands of columns with pandas' metadata stay far below. */
export const MAX_METADATA_BYTES = 64 * 2 ** 20;

/** A record batch's header: where each node and buffer lies. Every range is within the body. */
export interface ArrowBatch {
  readonly rows: number;
  /** Rows of the batches before this one. */
  readonly firstRow: number;
  readonly nodes: readonly { readonly length: number; readonly nullCount: number }[];
  /** Byte ranges in the file. */
  readonly buffers: readonly { readonly start: number; readonly length: number }[];
  readonly variadicCounts: readonly number[];
  readonly compression: 'LZ4' | 'zstd' | null;
}

/** One encapsulated message: `end` marks the end of a stream. */
export type ArrowMessage = { readonly next: number; readonly bodyLength: number } & (
  | { readonly kind: 'end' | 'dictionary' }
  | { readonly kind: 'schema'; readonly schema: ArrowSchema }
  | { readonly kind: 'batch'; readonly batch: ArrowBatch }
);

/** Where messages are read from, what may be built of them, and where the data end. */
export interface MessageSource {
  readonly source: ByteSource;
  readonly budget: Budget;
  readonly limit: number;
}

/**
 * Reads the message at byte `start`, whose body must end at or before the limit. Reads its header only.
 * Throws E203 where the file ends too early, E204 where the message contradicts itself, E205 for tensors.
 */
export function readArrowMessage(from: MessageSource, start: number, firstRow: number): ArrowMessage {
  const { source, budget, limit } = from;
  const prefix = readPrefix(from, start);
  if (prefix.length === 0) return { kind: 'end', next: prefix.end, bodyLength: 0 };
  const bodyStart = prefix.end + prefix.length;
  if (prefix.length < 0 || prefix.length > MAX_METADATA_BYTES) {
    throw damaged(`the message at byte ${start} claims ${prefix.length} bytes of metadata`);
  }
  if (bodyStart > limit) throw cut(start, bodyStart, limit);
  const message = FlatTable.root(new Cursor(source.slice(prefix.end, bodyStart), budget));
  const bodyLength = count(message.int64(MESSAGE.bodyLength), `the message at byte ${start} claims a body`);
  const next = bodyStart + bodyLength;
  if (next > limit) throw cut(start, next, limit);

  const type = message.uint8(MESSAGE.headerType);
  switch (type) {
    case SCHEMA: {
      const schema = readArrowSchema(message.table(MESSAGE.header), message.int16(MESSAGE.version), budget);
      return { kind: 'schema', schema, next, bodyLength };
    }
    case BATCH: {
      const header = message.table(MESSAGE.header);
      if (header === null) throw damaged(`the message at byte ${start} has no header`);
      budget.charge(BATCH_BYTES);
      return {
        kind: 'batch',
        batch: readBatch(header, { bodyStart, bodyLength, firstRow }),
        next,
        bodyLength,
      };
    }
    case DICTIONARY_BATCH:
      return { kind: 'dictionary', next, bodyLength };
    case TENSOR:
    case SPARSE_TENSOR:
      throw new InputError('E205', 'this is an Arrow tensor message, not a table', {
        hint: 'save the array: `np.save("prediction.npy", pyarrow.ipc.read_tensor(f).to_numpy())`',
      });
    default:
      throw damaged(`the message at byte ${start} is of the unknown kind ${type}`);
  }
}

/** Reads how long the metadata are and where they begin. Before format version 0.15 no marker came first. */
function readPrefix(
  { source, budget, limit }: MessageSource,
  start: number,
): { readonly length: number; readonly end: number } {
  const bytes = source.slice(start, Math.min(limit, start + 8));
  const cursor = new Cursor(bytes, budget, (needed) => cut(start, start + needed, limit));
  const first = cursor.int32();
  const length = first === -1 ? cursor.int32() : first;
  return { length, end: start + cursor.at };
}

function readBatch(
  header: FlatTable,
  { bodyStart, bodyLength, firstRow }: { bodyStart: number; bodyLength: number; firstRow: number },
): ArrowBatch {
  const rows = count(header.int64(RECORD_BATCH.length), 'a record batch claims rows');
  const nodes = header.structs(RECORD_BATCH.nodes, PAIR_BYTES, 'columns of a batch', (node) => {
    const length = count(node.int64(), 'a column claims a length');
    const nullCount = count(node.int64(), 'a column claims nulls');
    if (nullCount > length) throw damaged(`a column claims ${nullCount} nulls in ${length} values`);
    return { length, nullCount };
  });
  const buffers = header.structs(RECORD_BATCH.buffers, PAIR_BYTES, 'buffers of a batch', (buffer) => {
    const offset = count(buffer.int64(), 'a buffer claims an offset');
    const length = count(buffer.int64(), 'a buffer claims a length');
    if (offset + length > bodyLength) {
      throw damaged(`a buffer ends at byte ${offset + length} of a body of ${bodyLength} bytes`);
    }
    return { start: bodyStart + offset, length };
  });
  const variadicCounts = header.structs(RECORD_BATCH.variadicBufferCounts, 8, 'buffer counts', (entry) =>
    count(entry.int64(), 'a column claims a buffer count'),
  );
  return { rows, firstRow, nodes, buffers, variadicCounts, compression: readCompression(header) };
}

function readCompression(header: FlatTable): ArrowBatch['compression'] {
  const compression = header.table(RECORD_BATCH.compression);
  if (compression === null) return null;
  const name = (['LZ4', 'zstd'] as const)[compression.uint8(BODY_COMPRESSION.codec)];
  if (name === undefined || compression.uint8(BODY_COMPRESSION.method) !== 0) {
    throw damaged('it is compressed in an unknown way');
  }
  return name;
}

/** Reads a 64-bit count that is neither negative nor beyond what any file holds. */
function count(value: bigint, claim: string): number {
  if (value < 0n || value > 2n ** 48n) throw damaged(`${claim} of ${value}`);
  return Number(value);
}

function cut(start: number, needed: number, limit: number): InputError {
  return new InputError(
    'E203',
    `the file is cut: the message at byte ${start} ends at ${needed}, the data at ${limit}`,
    {
      fields: { expected: needed, actual: limit },
    },
  );
}
