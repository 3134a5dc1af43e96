import { InputError } from '#errors.js';
import { memorySource } from '#io/memory-source.js';
import { mismatch } from '../codecs/undecodable.js';
import type { Scratch } from '../shared/scratch.js';
import { damaged } from './damaged.js';

/** Decompresses a page to `plain` bytes, which may be those of `room`; E204 where it holds another number of them. */
export type Decode = (packed: Uint8Array, plain: number, room: Scratch) => Uint8Array | Promise<Uint8Array>;

/** By their number in the footer. */
export const CODECS = ['none', 'Snappy', 'gzip', 'LZO', 'Brotli', 'LZ4 (Hadoop)', 'zstd', 'LZ4'] as const;

/** What decodes each, loaded when the first page in it is met. */
const DECODERS: Readonly<Partial<Record<(typeof CODECS)[number], () => Promise<Decode>>>> = {
  none: async () => (packed, plain) => {
    if (packed.length !== plain) throw mismatch('uncompressed', plain, packed.length);
    return packed;
  },
  Snappy: async () => {
    const { decodeSnappy } = await import('../codecs/snappy.js');
    return (packed, plain, room) => filled(room.take(plain), (out) => decodeSnappy(packed, out));
  },
  LZ4: async () => {
    const { decodeLz4 } = await import('../codecs/lz4-block.js');
    return (packed, plain, room) => filled(room.take(plain), (out) => decodeLz4(packed, out));
  },
  zstd: async () => {
    const { decodeZstd } = await import('../codecs/zstd.js');
    return async (packed, plain, room) => {
      const out = room.take(plain);
      await decodeZstd(memorySource('', packed), 0, packed.length, out);
      return out;
    };
  },
  gzip: async () => (await import('../codecs/unzip.js')).gunzip,
  Brotli: async () => (await import('../codecs/unzip.js')).unbrotli,
};

/** Returns what decompresses the pages of the codec of this number. E205 for one that is not read. */
export async function pageDecoder(codec: number): Promise<Decode> {
  const name = CODECS[codec];
  if (name === undefined) throw damaged(`it is compressed in the unknown way ${codec}`);
  const decoder = await DECODERS[name]?.();
  if (decoder !== undefined) return decoder;
  throw new InputError('E205', `the Parquet file is compressed with ${name}`, {
    hint: 'write it again: `pyarrow.parquet.write_table(table, path, compression="zstd")`',
  });
}

function filled(out: Uint8Array, decode: (out: Uint8Array) => void): Uint8Array {
  decode(out);
  return out;
}
