import { brotliDecompressSync, gunzipSync, type ZlibOptions } from 'node:zlib';
import { mismatch, undecodable } from './undecodable.js';

/** Decompresses gzip data to `plain` bytes, no more and no less, or throws E204. */
export function gunzip(packed: Uint8Array, plain: number): Uint8Array {
  return unzip('gzip', gunzipSync, packed, plain);
}

/** Decompresses Brotli data to `plain` bytes, no more and no less, or throws E204. */
export function unbrotli(packed: Uint8Array, plain: number): Uint8Array {
  return unzip('Brotli', brotliDecompressSync, packed, plain);
}

function unzip(
  name: string,
  decode: (packed: Uint8Array, options: Pick<ZlibOptions, 'maxOutputLength'>) => Uint8Array,
  packed: Uint8Array,
  plain: number,
): Uint8Array {
  let out: Uint8Array;
  try {
    out = decode(packed, { maxOutputLength: Math.max(1, plain) });
  } catch (cause) {
    throw undecodable(name, cause);
  }
  if (out.length !== plain) throw mismatch(name, plain, out.length);
  return out;
}
