import { Budget } from '../shared/budget.js';
import { Cursor } from '../shared/cursor.js';
import { damagedIn } from '../shared/damaged.js';

export type ThriftValue = number | boolean | Uint8Array | readonly ThriftValue[] | ThriftStruct | null;

/**
 * The fields of a struct that are read, by their number: `true` for a plain value, or a list of them; for a struct or a
 * list of structs, what is wanted of those. All others are passed over, and nothing is built for them.
 */
export interface Wanted {
  readonly [field: number]: Wanted | true;
}

/** The types of Thrift's compact protocol. */
const STOP = 0;
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const I16 = 4;
const I32 = 5;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const SET = 10;
const STRUCT = 12;

const damaged = damagedIn('the Parquet file is', 'a header');

const MAX_DEPTH = 24;
/** What V8 takes for a struct, and for a value in one or in a list. */
const STRUCT_BYTES = 256;
const VALUE_BYTES = 32;

/** A struct, fields by their number. Whatever is missing, not wanted or of another kind is undefined. */
export class ThriftStruct {
  readonly #fields: ReadonlyMap<number, ThriftValue>;

  constructor(fields: ReadonlyMap<number, ThriftValue>) {
    this.#fields = fields;
  }

  has(id: number): boolean {
    return this.#fields.has(id);
  }

  number(id: number): number | undefined {
    const value = this.#fields.get(id);
    return typeof value === 'number' ? value : undefined;
  }

  boolean(id: number): boolean | undefined {
    const value = this.#fields.get(id);
    return typeof value === 'boolean' ? value : undefined;
  }

  text(id: number): string | undefined {
    const value = this.#fields.get(id);
    return value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined;
  }

  struct(id: number): ThriftStruct | undefined {
    const value = this.#fields.get(id);
    return value instanceof ThriftStruct ? value : undefined;
  }

  list(id: number): readonly ThriftValue[] | undefined {
    const value = this.#fields.get(id);
    return Array.isArray(value) ? value : undefined;
  }

  structs(id: number): readonly ThriftStruct[] | undefined {
    return this.list(id)?.filter((value) => value instanceof ThriftStruct);
  }
}

/** Returns a cursor over bytes that begin with a header, with a budget of its own. */
export function thriftCursor(bytes: Uint8Array, maxMemory?: number): Cursor {
  return new Cursor(bytes, new Budget(damaged, maxMemory));
}

/**
 * Reads the struct at the cursor. Integers beyond 2^53 come out unsafe, to be refused by who reads them. Throws E204 for
 * anything that does not fit in the bytes or nests too deep.
 */
export function readThrift(cursor: Cursor, wanted: Wanted): ThriftStruct {
  cursor.charge(STRUCT_BYTES);
  return readStruct(cursor, wanted);
}

function readStruct(cursor: Cursor, wanted: Wanted): ThriftStruct {
  const fields = new Map<number, ThriftValue>();
  eachField(cursor, (id, type) => {
    const want = wanted[id];
    if (want === undefined) return false;
    cursor.charge(VALUE_BYTES);
    fields.set(id, type === TRUE || type === FALSE ? type === TRUE : readValue(cursor, type, want));
    return true;
  });
  return new ThriftStruct(fields);
}

/** Walks the fields of a struct; those that `take` does not read are passed over. */
function eachField(cursor: Cursor, take: (id: number, type: number) => boolean): void {
  cursor.enter(MAX_DEPTH);
  let id = 0;
  for (;;) {
    const head = cursor.uint8();
    const type = head & 15;
    if (type === STOP) break;
    id = head >> 4 === 0 ? cursor.zigzag() : id + (head >> 4);
    // A boolean field has its value in its type.
    if (!take(id, type) && type !== TRUE && type !== FALSE) skipValue(cursor, type);
  }
  cursor.leave();
}

function readValue(cursor: Cursor, type: number, want: Wanted | true): ThriftValue {
  switch (type) {
    case TRUE:
    case FALSE:
      return cursor.uint8() === TRUE;
    case BYTE:
      return cursor.int8();
    case I16:
    case I32:
    case I64:
      return cursor.zigzag();
    case DOUBLE:
      return cursor.float64();
    case BINARY:
      return cursor.take(cursor.varint());
    case LIST:
    case SET: {
      const { count, element } = listHead(cursor);
      cursor.charge(count * (element === STRUCT && want !== true ? STRUCT_BYTES : VALUE_BYTES));
      cursor.enter(MAX_DEPTH);
      const values: ThriftValue[] = [];
      for (let i = 0; i < count; i++) {
        const struct = element === STRUCT && want !== true;
        values.push(struct ? readStruct(cursor, want) : readValue(cursor, element, want));
      }
      cursor.leave();
      return values;
    }
    case STRUCT:
      if (want !== true) return readThrift(cursor, want);
  }
  skipValue(cursor, type);
  return null;
}

/** Passes over a value, whatever is in it. */
function skipValue(cursor: Cursor, type: number): void {
  switch (type) {
    case TRUE:
    case FALSE:
    case BYTE:
      cursor.skip(1);
      return;
    case I16:
    case I32:
    case I64:
      cursor.varint();
      return;
    case DOUBLE:
      cursor.skip(8);
      return;
    case BINARY:
      cursor.skip(cursor.varint());
      return;
    case LIST:
    case SET: {
      const { count, element } = listHead(cursor);
      cursor.enter(MAX_DEPTH);
      for (let i = 0; i < count; i++) skipValue(cursor, element);
      cursor.leave();
      return;
    }
    case STRUCT:
      eachField(cursor, () => false);
      return;
    default:
      throw cursor.damaged(`has a field of the unknown type ${type}`);
  }
}

function listHead(cursor: Cursor): { readonly count: number; readonly element: number } {
  const head = cursor.uint8();
  const count = head >> 4 === 15 ? cursor.varint() : head >> 4;
  // Every element takes at least a byte.
  cursor.entries(count, 1, 'elements of a list');
  return { count, element: head & 15 };
}
