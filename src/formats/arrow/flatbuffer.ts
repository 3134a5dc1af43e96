import type { Cursor } from '../shared/cursor.js';

/** Where the entries of a vector lie. */
export interface FlatVector {
  readonly start: number;
  readonly count: number;
}

/** What V8 takes for an entry of a vector, as the object of two numbers that it becomes. */
const ENTRY_BYTES = 64;
const STRING_BYTES = 32;
const NO_ENTRIES: FlatVector = { start: 0, count: 0 };

/**
 * A table of a flatbuffer, fields by their slot; a field that is not there has its default. Every offset is followed
 * within the cursor's bytes only, and what several tables share counts for each.
 */
export class FlatTable {
  constructor(
    private readonly cursor: Cursor,
    private readonly at: number,
  ) {}

  /** Returns the table that a buffer is about. */
  static root(cursor: Cursor): FlatTable {
    return new FlatTable(cursor, cursor.seek(0).uint32());
  }

  bool(slot: number): boolean {
    return this.uint8(slot) !== 0;
  }

  uint8(slot: number): number {
    return this.#field(slot)?.uint8() ?? 0;
  }

  int16(slot: number): number {
    return this.#field(slot)?.int16() ?? 0;
  }

  int32(slot: number): number {
    return this.#field(slot)?.int32() ?? 0;
  }

  int64(slot: number): bigint {
    return this.#field(slot)?.int64() ?? 0n;
  }

  table(slot: number): FlatTable | null {
    const target = this.#target(slot);
    return target === null ? null : new FlatTable(this.cursor, target);
  }

  text(slot: number): string {
    const target = this.#target(slot);
    if (target === null) return '';
    const { cursor } = this;
    const bytes = cursor.take(cursor.seek(target).uint32());
    cursor.charge(bytes.length + STRING_BYTES);
    return new TextDecoder().decode(bytes);
  }

  /** Returns a vector of structs or numbers of `size` bytes, which is all there; empty where the field is not. */
  vector(slot: number, size: number, noun: string): FlatVector {
    const target = this.#target(slot);
    if (target === null) return NO_ENTRIES;
    const { cursor } = this;
    const count = cursor.seek(target).uint32();
    cursor.entries(count, size, noun);
    cursor.charge(count * ENTRY_BYTES);
    return { start: cursor.at, count };
  }

  /** Makes something of each table of a vector. */
  tables<T>(slot: number, noun: string, make: (table: FlatTable) => T): T[] {
    const { start, count } = this.vector(slot, 4, noun);
    return Array.from({ length: count }, (_, i) => {
      const at = start + 4 * i;
      return make(new FlatTable(this.cursor, at + this.cursor.seek(at).uint32()));
    });
  }

  /** Makes something of each struct of a vector, or of each number; the cursor stands at its first byte. */
  structs<T>(slot: number, size: number, noun: string, make: (struct: Cursor, index: number) => T): T[] {
    const { start, count } = this.vector(slot, size, noun);
    return Array.from({ length: count }, (_, i) => make(this.cursor.seek(start + size * i), i));
  }

  /** Follows the offset in a field; null where the field is not there. */
  #target(slot: number): number | null {
    const field = this.#field(slot);
    return field === null ? null : field.at + field.uint32();
  }

  /** Puts the cursor at a field; null where the table's vtable has none. */
  #field(slot: number): Cursor | null {
    const { cursor, at } = this;
    const vtable = at - cursor.seek(at).int32();
    const entry = 4 + 2 * slot;
    if (entry >= cursor.seek(vtable).uint16()) return null;
    const offset = cursor.seek(vtable + entry).uint16();
    return offset === 0 ? null : cursor.seek(at + offset);
  }
}
