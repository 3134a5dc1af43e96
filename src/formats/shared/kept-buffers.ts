import type { ByteSource } from '#io/byte-source.js';
import { memorySource } from '#io/memory-source.js';

/** Of the memory budget, what may stay between reads: the rows of many steps come from one compressed block. */
const SHARE = 4;
const WITHOUT_BUDGET = 2 ** 29;

/** Decompressed blocks of a file, by where they lie in it; the oldest go first. */
export class KeptBuffers {
  readonly #kept = new Map<number, ByteSource>();
  readonly #most: number;
  #bytes = 0;

  constructor(maxMemory: number | undefined) {
    this.#most = maxMemory === undefined ? WITHOUT_BUDGET : maxMemory / SHARE;
  }

  get(start: number): ByteSource | undefined {
    return this.#kept.get(start);
  }

  /** The bytes as a source, kept if they are few enough. */
  add(path: string, start: number, bytes: Uint8Array): ByteSource {
    const source = memorySource(path, bytes);
    if (bytes.length > this.#most) return source;
    for (const [oldest, { byteLength }] of this.#kept) {
      if (this.#bytes + bytes.length <= this.#most) break;
      this.#kept.delete(oldest);
      this.#bytes -= byteLength;
    }
    this.#kept.set(start, source);
    this.#bytes += bytes.length;
    return source;
  }
}
