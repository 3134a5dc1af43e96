import { InputError } from '#errors.js';

export type ThriftValue = number | boolean | Uint8Array | readonly ThriftValue[] | ThriftStruct;

const MAX_DEPTH = 24;
const MAX_VARINT_BYTES = 10;

/** A struct of Thrift's compact protocol, fields by their number. Whatever is missing or of another kind is undefined. */
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

/**
 * Reads one struct from the start of `bytes`; `length` is where it ended. Integers beyond 2^53 come out unsafe, to be
 * refused by who reads them. Throws E204 for anything that does not fit in `bytes`.
 */
export function readThrift(bytes: Uint8Array): { readonly struct: ThriftStruct; readonly length: number } {
  const reader = new Reader(bytes);
  const struct = reader.struct(0);
  return { struct, length: reader.at };
}

class Reader {
  at = 0;
  readonly #view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  struct(depth: number): ThriftStruct {
    if (depth > MAX_DEPTH) throw damaged(`nests deeper than ${MAX_DEPTH} levels`);
    const fields = new Map<number, ThriftValue>();
    let id = 0;
    for (;;) {
      const head = this.#byte();
      const type = head & 15;
      if (type === 0) return new ThriftStruct(fields);
      id = head >> 4 === 0 ? this.#zigzag() : id + (head >> 4);
      fields.set(id, type === 1 || type === 2 ? type === 1 : this.#value(type, depth));
    }
  }

  #value(type: number, depth: number): ThriftValue {
    switch (type) {
      case 1:
      case 2:
        return this.#byte() === 1;
      case 3:
        return (this.#byte() << 24) >> 24;
      case 4:
      case 5:
      case 6:
        return this.#zigzag();
      case 7: {
        const at = this.#skip(8);
        return this.#view.getFloat64(at, true);
      }
      case 8: {
        const length = this.#varint();
        const at = this.#skip(length);
        return this.bytes.subarray(at, at + length);
      }
      case 9:
      case 10: {
        const head = this.#byte();
        const count = head >> 4 === 15 ? this.#varint() : head >> 4;
        // Every element takes at least a byte.
        if (!(count <= this.bytes.length - this.at)) throw damaged(`claims a list of ${count} elements`);
        return Array.from({ length: count }, () => this.#value(head & 15, depth + 1));
      }
      case 12:
        return this.struct(depth + 1);
      default:
        throw damaged(`has a field of the unknown type ${type}`);
    }
  }

  #byte(): number {
    return this.bytes[this.#skip(1)] as number;
  }

  #skip(count: number): number {
    const { at } = this;
    if (!(at + count <= this.bytes.length)) {
      throw damaged(`needs byte ${at + count} of ${this.bytes.length}`);
    }
    this.at = at + count;
    return at;
  }

  #varint(): number {
    let result = 0;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      const byte = this.#byte();
      result += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return result;
    }
    throw damaged('has an integer of more than ten bytes');
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

function damaged(what: string): InputError {
  return new InputError('E204', `the Parquet file is damaged: a header ${what}`);
}
