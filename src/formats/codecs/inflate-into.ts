import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { mismatch, undecodable } from './undecodable.js';

/** Compressed bytes read, and decompressed bytes written, at a time. */
export const INFLATE_WINDOW = 2 ** 20;

/**
 * Sends bytes `[start, end)` through a decompressor, window by window, so that they fill `out` exactly.
 * Throws E204, naming `codec`, as soon as there are more bytes than that, or where there are fewer.
 */
export async function inflateInto(
  codec: string,
  decoder: Transform,
  source: ByteSource,
  [start, end]: readonly [start: number, end: number],
  out: Uint8Array,
): Promise<void> {
  let done = 0;
  const collect = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of chunks) {
      if (done + chunk.length > out.length) throw mismatch(codec, out.length, 'more');
      out.set(chunk, done);
      done += chunk.length;
    }
  };
  try {
    await pipeline(Readable.from(windows(source, start, end)), decoder, collect);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw undecodable(codec, cause);
  }
  if (done !== out.length) throw mismatch(codec, out.length, done);
}

/**
 * Sends bytes `[start, end)` through a decompressor until `out` is full or the data end. Returns how many bytes of
 * `out` were filled. Throws E204 for data that the decompressor refuses before that.
 */
export async function inflatePrefix(
  codec: string,
  decoder: Transform,
  source: ByteSource,
  [start, end]: readonly [start: number, end: number],
  out: Uint8Array,
): Promise<number> {
  let done = 0;
  const collect = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of chunks) {
      const part = chunk.subarray(0, out.length - done);
      out.set(part, done);
      done += part.length;
      if (done === out.length) return;
    }
  };
  try {
    await pipeline(Readable.from(windows(source, start, end)), decoder, collect);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    if (done < out.length) throw undecodable(codec, cause);
  }
  return done;
}

function* windows(source: ByteSource, start: number, end: number): Generator<Uint8Array> {
  for (let at = start; at < end; at += INFLATE_WINDOW) {
    yield source.slice(at, Math.min(end, at + INFLATE_WINDOW));
  }
}
