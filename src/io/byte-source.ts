/**
 * The one way a format sees a file: a length and byte ranges. Reads are whole or they throw:
 * an `InputError` E223 where the file got shorter or longer since it was opened, E202 where the system refuses.
 */
export interface ByteSource {
  /** The path as the user named it; only for messages. */
  readonly path: string;
  /** In bytes, when opened. */
  readonly byteLength: number;
  /** A fresh copy of bytes `start` to `end` (exclusive). */
  slice(start: number, end: number): Uint8Array;
  /** Fills all of `target` from byte `start` on, in bounded reads. */
  readInto(target: Uint8Array, start: number): void;
  /** Throws E223 if the file's size is no longer `byteLength`. */
  verifyUnchanged(): void;
  close(): void;
}
