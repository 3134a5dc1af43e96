import type { ByteSource } from '#io/byte-source.js';
import { allocateBytes, checkBudget } from '../shared/allocate.js';
import { KeptBuffers } from '../shared/kept-buffers.js';
import { damaged } from './damaged.js';
import type { ArrowBatch } from './message.js';

/** Where a buffer's bytes, as no compression had touched them, can be read. */
export interface PlainBuffer {
  readonly source: ByteSource;
  readonly start: number;
  readonly length: number;
}

/** Every compressed buffer begins with the length it decompresses to; -1 says it was left as it is. */
const PREFIX_BYTES = 8;
const LEFT_AS_IS = -1;
/** Writers pad buffers; none doubles them. */
const SLACK_BYTES = 2 ** 16;

type Decode = (source: ByteSource, start: number, end: number, out: Uint8Array) => void | Promise<void>;

type CodecName = NonNullable<ArrowBatch['compression']>;

interface Codec {
  readonly decode: Decode;
  /** Counts the bytes that decoding needs beside its output. */
  readonly scratch: (compressed: number, plain: number) => number;
}

/** Each loaded when the first buffer in it is met. */
const CODECS: Readonly<Record<CodecName, () => Promise<Codec>>> = {
  LZ4: async () => {
    const { decodeLz4Frames, MAX_BLOCK_BYTES } = await import('../codecs/lz4-frame.js');
    return { decode: decodeLz4Frames, scratch: () => MAX_BLOCK_BYTES };
  },
  zstd: async () => {
    const { decodeZstd, zstdScratch } = await import('../codecs/zstd.js');
    return { decode: decodeZstd, scratch: zstdScratch };
  },
};

/** The buffers of a file's record batches, decompressed one by one where they are compressed. */
export class ArrowBuffers {
  readonly #kept: KeptBuffers;
  readonly #codecs = new Map<CodecName, Promise<Codec>>();

  constructor(
    private readonly source: ByteSource,
    private readonly maxMemory: number | undefined,
  ) {
    this.#kept = new KeptBuffers(maxMemory);
  }

  /** Bytes of a buffer when plain; 0 for one that the batch does not have. */
  length(batch: ArrowBatch, index: number): number {
    const buffer = batch.buffers[index];
    if (buffer === undefined || buffer.length === 0) return 0;
    return batch.compression === null ? buffer.length : this.#compressed(buffer).length;
  }

  /** Counts what reading the buffer needs beside where its bytes go. */
  async scratch(batch: ArrowBatch, index: number, inPlace: boolean): Promise<number> {
    const buffer = batch.buffers[index];
    if (buffer === undefined || batch.compression === null) return 0;
    const plain = this.length(batch, index);
    const { scratch } = await this.#codec(batch.compression);
    return scratch(buffer.length, plain) + (inPlace ? 0 : plain);
  }

  /**
   * The buffer, of which `needed` bytes are used. E204 where it is shorter, or claims far more than that; E220
   * where it would decompress beyond the budget.
   */
  async open(batch: ArrowBatch, index: number, needed: number, column: string): Promise<PlainBuffer> {
    const length = this.length(batch, index);
    const claim = `column ${JSON.stringify(column)} has ${length} bytes`;
    if (!(needed <= length)) throw damaged(`${claim} of values and needs ${needed}`);
    const { start } = batch.buffers[index] ?? { start: 0 };
    if (batch.compression === null || length === 0) return { source: this.source, start, length };
    if (length > 2 * needed + SLACK_BYTES) throw damaged(`${claim} in a buffer and needs ${needed}`);
    const kept = this.#kept.get(start);
    if (kept !== undefined) return { source: kept, start: 0, length };
    checkBudget(await this.scratch(batch, index, false), this.maxMemory);
    const plain = allocateBytes(length);
    await this.readInto(batch, index, plain);
    return { source: this.#kept.add(this.source.path, start, plain), start: 0, length };
  }

  /** Decompresses a whole buffer into `out`, which is as long as the buffer. */
  async readInto(batch: ArrowBatch, index: number, out: Uint8Array): Promise<void> {
    const buffer = batch.buffers[index];
    if (buffer === undefined || batch.compression === null) {
      throw damaged('a batch has too few buffers');
    }
    const { asIs } = this.#compressed(buffer);
    const [start, end] = [buffer.start + PREFIX_BYTES, buffer.start + buffer.length];
    if (asIs) this.source.readInto(out, start);
    else await (await this.#codec(batch.compression)).decode(this.source, start, end, out);
  }

  #codec(name: CodecName): Promise<Codec> {
    const loading = this.#codecs.get(name) ?? CODECS[name]();
    this.#codecs.set(name, loading);
    return loading;
  }

  verifyUnchanged(): void {
    this.source.verifyUnchanged();
  }

  #compressed(buffer: { readonly start: number; readonly length: number }): {
    readonly length: number;
    readonly asIs: boolean;
  } {
    if (buffer.length < PREFIX_BYTES) throw damaged(`a compressed buffer has ${buffer.length} bytes`);
    const bytes = this.source.slice(buffer.start, buffer.start + PREFIX_BYTES);
    const claimed = new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true);
    if (claimed === BigInt(LEFT_AS_IS)) return { length: buffer.length - PREFIX_BYTES, asIs: true };
    if (claimed < 0n || claimed > 2n ** 48n) {
      throw damaged(`a buffer claims ${claimed} bytes`);
    }
    return { length: Number(claimed), asIs: false };
  }
}
