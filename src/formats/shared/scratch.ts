import { allocateBytes } from './allocate.js';

/**
 * Bytes that are used again, as many as were asked for at most. Arrays of their own, a few MiB for each page, are collected
 * late, and the system's allocator keeps their places.
 */
export class Scratch {
  #bytes = new Uint8Array(0);

  /** Returns `count` bytes of any content, until the next are taken. */
  take(count: number): Uint8Array {
    if (this.#bytes.length < count) this.#bytes = allocateBytes(count);
    return this.#bytes.subarray(0, count);
  }
}
