import type { InputError } from '#errors.js';
import type { Budget } from './budget.js';
import type { Damaged } from './damaged.js';

/** Makes the error for a read up to byte `needed` of the `end` that there are. */
export type Short = (needed: number, end: number) => InputError;

const MAX_VARINT_BYTES = 10;

/**
 * A position in untrusted little-endian bytes. Every read is within them or throws E204; nesting, counts and what is
 * built are checked here, before anything is allocated for them.
 */
export class Cursor {
  at = 0;
  readonly end: number;
  readonly damaged: Damaged;
  readonly #view: DataView;
  readonly #short: Short;
  #depth = 0;

  constructor(
    readonly bytes: Uint8Array,
    private readonly budget: Budget,
    short?: Short,
  ) {
    this.end = bytes.length;
    budget.admit(bytes.length);
    this.damaged = budget.damaged;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#short = short ?? ((needed, end) => this.damaged(`needs byte ${needed} of ${end}`));
  }

  get left(): number {
    return this.end - this.at;
  }

  seek(at: number): this {
    if (!(at >= 0 && at <= this.end)) throw this.#short(at, this.end);
    this.at = at;
    return this;
  }

  /** Passes over `count` bytes and returns where they begin. */
  skip(count: number): number {
    const { at } = this;
    const next = at + count;
    if (!(count >= 0 && next <= this.end)) throw this.#short(next, this.end);
    this.at = next;
    return at;
  }

  /** Passes over `count` bytes and returns them, nothing copied. */
  take(count: number): Uint8Array {
    const at = this.skip(count);
    return this.bytes.subarray(at, at + count);
  }

  /** The byte at the cursor, which stays; -1 at the end. */
  peek(): number {
    return this.at < this.end ? (this.bytes[this.at] as number) : -1;
  }

  uint8(): number {
    return this.bytes[this.skip(1)] as number;
  }

  int8(): number {
    return this.#view.getInt8(this.skip(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.skip(2), true);
  }

  int16(): number {
    return this.#view.getInt16(this.skip(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.skip(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.skip(4), true);
  }

  uint64(): bigint {
    return this.#view.getBigUint64(this.skip(8), true);
  }

  int64(): bigint {
    return this.#view.getBigInt64(this.skip(8), true);
  }

  float64(): number {
    return this.#view.getFloat64(this.skip(8), true);
  }

  /** Seven bits a byte, lowest first. Beyond 2^53 it comes out unsafe, to be refused by who asked. */
  varint(): number {
    let result = 0;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      const byte = this.uint8();
      result += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return result;
    }
    throw this.damaged(`has an integer of more than ${MAX_VARINT_BYTES} bytes`);
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Checks that `count` entries of at least `size` bytes each can follow; `noun` names them. */
  entries(count: number, size: number, noun: string): void {
    if (count >= 0 && count * size <= this.left) return;
    throw this.damaged(`claims ${count} ${noun} in ${this.left} bytes`);
  }

  /** Counts `bytes` that are about to be built against the budget. */
  charge(bytes: number): void {
    this.budget.charge(bytes);
  }

  /** Goes one level down, at most `most` below the first. Whoever enters leaves. */
  enter(most: number): void {
    if (this.#depth > most) throw this.damaged(`nests deeper than ${most} levels`);
    this.#depth += 1;
  }

  leave(): void {
    this.#depth -= 1;
  }
}
