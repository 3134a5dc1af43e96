import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { INFLATE_WINDOW, inflateInto } from './inflate-into.js';
import { mismatch, undecodable } from './undecodable.js';

type CreateDecoder = (options: { chunkSize: number }) => Transform;

/** Node has zstd from 22.15 on, and streams it; WebAssembly takes its place before. */
const native = (zlib as unknown as { createZstdDecompress?: CreateDecoder }).createZstdDecompress;

/** What one call of the WebAssembly decoder may hold: its memory cannot grow beyond four times that. */
const MAX_WASM_BYTES = 2 ** 30;

/** Bytes needed beside the output to decompress `compressed` bytes to `plain`. */
export function zstdScratch(compressed: number, plain: number): number {
  return native === undefined ? compressed + plain : 2 * INFLATE_WINDOW;
}

/**
 * Decompresses the zstd frames in bytes `[start, end)` so that they fill `out` exactly; frames with a checksum are
 * verified. Throws E204 for anything else, E205 for more than the decoder of this version of Node can hold.
 */
export async function decodeZstd(
  source: ByteSource,
  start: number,
  end: number,
  out: Uint8Array,
): Promise<void> {
  if (native !== undefined) {
    return inflateInto('zstd', native({ chunkSize: INFLATE_WINDOW }), source, [start, end], out);
  }
  const held = zstdScratch(end - start, out.length);
  if (held > MAX_WASM_BYTES) {
    throw new InputError(
      'E205',
      `${held} bytes of zstd data at once; ${MAX_WASM_BYTES} is the most on this Node`,
      { hint: 'use Node 22.15 or later, or write smaller batches', fields: { held, limit: MAX_WASM_BYTES } },
    );
  }
  if (out.length === 0) return;
  const { ZSTDDecoder } = await import('zstddec');
  const decoder = new ZSTDDecoder();
  await decoder.init();
  let plain: Uint8Array;
  try {
    plain = decoder.decode(source.slice(start, end), out.length);
  } catch (cause) {
    throw undecodable('zstd', cause);
  }
  if (plain.length !== out.length) throw mismatch('zstd', out.length, plain.length);
  out.set(plain);
}
