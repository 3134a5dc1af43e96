import { BodyCompression } from 'apache-arrow/fb/body-compression';
import { Message } from 'apache-arrow/fb/message';
import { MessageHeader } from 'apache-arrow/fb/message-header';
import { RecordBatch } from 'apache-arrow/fb/record-batch';
import { Schema } from 'apache-arrow/fb/schema';
import { ByteBuffer } from 'flatbuffers';
import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { type ArrowSchema, damaged, readArrowSchema } from './schema.js';

/** Schemas of thousands of columns with pandas' metadata stay far below. */
const MAX_METADATA_BYTES = 64 * 2 ** 20;

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

/**
 * Reads the message at byte `start`, whose body must end at or before `limit`. Reads its header only.
 * Throws E203 where the file ends too early, E204 where the message contradicts itself, E205 for tensors.
 */
export function readArrowMessage(
  source: ByteSource,
  start: number,
  limit: number,
  firstRow: number,
): ArrowMessage {
  const prefix = readPrefix(source, start, limit);
  if (prefix.length === 0) return { kind: 'end', next: prefix.end, bodyLength: 0 };
  const bodyStart = prefix.end + prefix.length;
  if (prefix.length < 0 || prefix.length > MAX_METADATA_BYTES) {
    throw damaged(`the message at byte ${start} claims ${prefix.length} bytes of metadata`);
  }
  if (bodyStart > limit) throw cut(start, bodyStart, limit);
  const message = Message.getRootAsMessage(new ByteBuffer(source.slice(prefix.end, bodyStart)));
  const bodyLength = count(message.bodyLength(), `the message at byte ${start} claims a body`);
  const next = bodyStart + bodyLength;
  if (next > limit) throw cut(start, next, limit);

  const type: MessageHeader = message.headerType();
  switch (type) {
    case MessageHeader.Schema: {
      const schema = readArrowSchema(
        message.header(new Schema()) as Schema | null,
        prefix.length,
        message.version(),
      );
      return { kind: 'schema', schema, next, bodyLength };
    }
    case MessageHeader.RecordBatch: {
      const header = message.header(new RecordBatch()) as RecordBatch | null;
      if (header === null) throw damaged(`the message at byte ${start} has no header`);
      const batch = readBatch(header, prefix.length, bodyStart, bodyLength, firstRow);
      return { kind: 'batch', batch, next, bodyLength };
    }
    case MessageHeader.DictionaryBatch:
      return { kind: 'dictionary', next, bodyLength };
    case MessageHeader.Tensor:
    case MessageHeader.SparseTensor:
      throw new InputError('E205', 'this is an Arrow tensor message, not a table', {
        hint: 'save the array: `np.save("prediction.npy", pyarrow.ipc.read_tensor(f).to_numpy())`',
      });
    default:
      throw damaged(`the message at byte ${start} is of the unknown kind ${type}`);
  }
}

/** The length of the metadata and where it begins. Before format version 0.15 no marker came first. */
function readPrefix(source: ByteSource, start: number, limit: number): { length: number; end: number } {
  const word = (at: number): number => {
    if (at + 4 > limit) throw cut(start, at + 4, limit);
    const bytes = source.slice(at, at + 4);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getInt32(0, true);
  };
  const first = word(start);
  return first === -1 ? { length: word(start + 4), end: start + 8 } : { length: first, end: start + 4 };
}

function readBatch(
  header: RecordBatch,
  metadataLength: number,
  bodyStart: number,
  bodyLength: number,
  firstRow: number,
): ArrowBatch {
  const [nodeCount, bufferCount] = [header.nodesLength(), header.buffersLength()];
  const variadic = header.variadicBufferCountsLength();
  for (const [claimed, size] of [
    [nodeCount, 16],
    [bufferCount, 16],
    [variadic, 8],
  ] as const) {
    if (claimed < 0 || claimed * size > metadataLength) {
      throw damaged(`a record batch claims ${claimed} entries in ${metadataLength} bytes of metadata`);
    }
  }
  const rows = count(header.length(), 'a record batch claims rows');
  const nodes = Array.from({ length: nodeCount }, (_, i) => {
    const node = header.nodes(i);
    const length = count(node?.length() ?? -1n, 'a column claims a length');
    const nullCount = count(node?.nullCount() ?? -1n, 'a column claims nulls');
    if (nullCount > length) throw damaged(`a column claims ${nullCount} nulls in ${length} values`);
    return { length, nullCount };
  });
  const buffers = Array.from({ length: bufferCount }, (_, i) => {
    const buffer = header.buffers(i);
    const offset = count(buffer?.offset() ?? -1n, 'a buffer claims an offset');
    const length = count(buffer?.length() ?? -1n, 'a buffer claims a length');
    if (offset + length > bodyLength) {
      throw damaged(`a buffer ends at byte ${offset + length} of a body of ${bodyLength} bytes`);
    }
    return { start: bodyStart + offset, length };
  });
  const variadicCounts = Array.from({ length: variadic }, (_, i) =>
    count(header.variadicBufferCounts(i) ?? -1n, 'a column claims a buffer count'),
  );
  return { rows, firstRow, nodes, buffers, variadicCounts, compression: readCompression(header) };
}

function readCompression(header: RecordBatch): ArrowBatch['compression'] {
  const compression = header.compression(new BodyCompression());
  if (compression === null) return null;
  const name = (['LZ4', 'zstd'] as const)[compression.codec()];
  if (name === undefined || compression.method() !== 0) throw damaged('it is compressed in an unknown way');
  return name;
}

/** A 64-bit count that is neither negative nor beyond what any file holds. */
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
