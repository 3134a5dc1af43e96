import type { Field } from 'apache-arrow/fb/field';
import { FixedSizeList } from 'apache-arrow/fb/fixed-size-list';
import { FloatingPoint } from 'apache-arrow/fb/floating-point';
import { Int } from 'apache-arrow/fb/int';
import type { Schema } from 'apache-arrow/fb/schema';
import { Type } from 'apache-arrow/fb/type';
import { Union } from 'apache-arrow/fb/union';
import { InputError } from '#errors.js';
import type { NumericType } from '../shared/numeric.js';

/** One field of a schema, checked: every count and type in it is one that this reader knows. */
export interface ArrowField {
  readonly name: string;
  readonly type: ArrowType;
  /** Buffers of the field itself, without its children and without variadic ones. */
  readonly buffers: number;
  readonly children: readonly ArrowField[];
  readonly metadata: Readonly<Record<string, string>>;
}

export type ArrowType =
  | { readonly kind: 'number'; readonly numeric: NumericType }
  | { readonly kind: 'list'; readonly offsets: 'int32' | 'int64' }
  | { readonly kind: 'fixed-size list'; readonly size: number }
  | { readonly kind: 'other'; readonly name: string; readonly variadic: boolean };

export interface ArrowSchema {
  readonly fields: readonly ArrowField[];
  readonly metadata: Readonly<Record<string, string>>;
}

const MAX_DEPTH = 32;

/** [name, buffers] of the types whose values are read by nobody here, but whose place in a batch must be known. */
const OTHER: Readonly<Partial<Record<Type, readonly [name: string, buffers: number]>>> = {
  [Type.Null]: ['null', 0],
  [Type.Binary]: ['binary', 3],
  [Type.Utf8]: ['string', 3],
  [Type.Decimal]: ['decimal', 2],
  [Type.Date]: ['date', 2],
  [Type.Time]: ['time', 2],
  [Type.Timestamp]: ['timestamp', 2],
  [Type.Interval]: ['interval', 2],
  [Type.Struct_]: ['struct', 1],
  [Type.FixedSizeBinary]: ['fixed-size binary', 2],
  [Type.Map]: ['map', 2],
  [Type.Duration]: ['duration', 2],
  [Type.LargeBinary]: ['large binary', 3],
  [Type.LargeUtf8]: ['large string', 3],
  [Type.RunEndEncoded]: ['run-end encoded', 0],
  [Type.BinaryView]: ['binary view', 2],
  [Type.Utf8View]: ['string view', 2],
  [Type.ListView]: ['list view', 3],
  [Type.LargeListView]: ['large list view', 3],
};

/** How many children a type has, where that is fixed. */
const CHILDREN: Readonly<Partial<Record<Type, number>>> = {
  [Type.List]: 1,
  [Type.LargeList]: 1,
  [Type.FixedSizeList]: 1,
  [Type.Map]: 1,
  [Type.ListView]: 1,
  [Type.LargeListView]: 1,
  [Type.RunEndEncoded]: 2,
};

/**
 * Reads a schema of at most `bytes` bytes. Throws E206 for big-endian data and unknown types, E204 for a schema
 * that contradicts itself, has two columns of one name, or claims more fields than its bytes can hold.
 */
export function readArrowSchema(schema: Schema | null, bytes: number, version: number): ArrowSchema {
  if (schema === null) throw damaged('it has no schema');
  if (schema.endianness() !== 0) {
    throw new InputError('E206', 'the Arrow data are big-endian', {
      hint: 'write them on a little-endian machine',
    });
  }
  const reader = new FieldReader(bytes, version);
  const fields = reader.list(schema.fieldsLength(), (i) => schema.fields(i), 0);
  const names = new Set<string>();
  for (const { name } of fields) {
    if (names.has(name)) throw new InputError('E204', `two columns are named ${JSON.stringify(name)}`);
    names.add(name);
  }
  return { fields, metadata: reader.metadata(schema) };
}

/** Anything with flatbuffers' accessors for custom metadata. */
type WithMetadata = Pick<Schema, 'customMetadata' | 'customMetadataLength'>;

class FieldReader {
  /** Every field takes at least eight bytes; offsets that share one field cannot multiply it beyond that. */
  private budget: number;

  constructor(
    private readonly bytes: number,
    private readonly version: number,
  ) {
    this.budget = Math.ceil(bytes / 8);
  }

  list(count: number, get: (i: number) => Field | null, depth: number): ArrowField[] {
    this.spend(count);
    if (depth > MAX_DEPTH) throw damaged(`its schema is more than ${MAX_DEPTH} levels deep`);
    return Array.from({ length: count }, (_, i) => this.field(get(i), depth));
  }

  metadata(of: WithMetadata): Record<string, string> {
    const count = of.customMetadataLength();
    this.spend(count);
    const entries: [string, string][] = [];
    for (let i = 0; i < count; i++) {
      const pair = of.customMetadata(i);
      entries.push([pair?.key() ?? '', pair?.value() ?? '']);
    }
    return Object.fromEntries(entries);
  }

  private field(field: Field | null, depth: number): ArrowField {
    if (field === null) throw damaged('its schema names a field that is not there');
    const name = field.name() ?? '';
    const metadata = this.metadata(field);
    if (field.dictionary() !== null) {
      return {
        name,
        type: { kind: 'other', name: 'dictionary', variadic: false },
        buffers: 2,
        children: [],
        metadata,
      };
    }
    const children = this.list(field.childrenLength(), (i) => field.children(i), depth + 1);
    const expected = CHILDREN[field.typeType()];
    if (expected !== undefined && children.length !== expected) {
      throw damaged(
        `column ${JSON.stringify(name)} has ${children.length} children where its type has ${expected}`,
      );
    }
    return { name, ...this.type(field, name), children, metadata };
  }

  private type(field: Field, name: string): Pick<ArrowField, 'type' | 'buffers'> {
    const type: Type = field.typeType();
    switch (type) {
      case Type.Int:
        return { type: { kind: 'number', numeric: intType(member(field, new Int()), name) }, buffers: 2 };
      case Type.FloatingPoint:
        return {
          type: { kind: 'number', numeric: floatType(member(field, new FloatingPoint()), name) },
          buffers: 2,
        };
      case Type.Bool:
        return { type: { kind: 'number', numeric: 'bool' }, buffers: 2 };
      case Type.List:
        return { type: { kind: 'list', offsets: 'int32' }, buffers: 2 };
      case Type.LargeList:
        return { type: { kind: 'list', offsets: 'int64' }, buffers: 2 };
      case Type.FixedSizeList: {
        const size = member(field, new FixedSizeList()).listSize();
        if (size < 0) throw damaged(`column ${JSON.stringify(name)} is a list of ${size} values`);
        return { type: { kind: 'fixed-size list', size }, buffers: 1 };
      }
      case Type.Union: {
        const dense = member(field, new Union()).mode() === 1;
        // Unions had a validity buffer before metadata version 5.
        const validity = this.version < 4 ? 1 : 0;
        return {
          type: { kind: 'other', name: 'union', variadic: false },
          buffers: (dense ? 2 : 1) + validity,
        };
      }
      default: {
        const other = OTHER[type];
        if (other === undefined) {
          throw new InputError('E206', `column ${JSON.stringify(name)} has the unknown Arrow type ${type}`);
        }
        const variadic = type === Type.BinaryView || type === Type.Utf8View;
        return { type: { kind: 'other', name: other[0], variadic }, buffers: other[1] };
      }
    }
  }

  private spend(count: number): void {
    this.budget -= count;
    if (count < 0 || this.budget < 0) {
      throw damaged(`its schema claims more fields and metadata than its ${this.bytes} bytes can hold`);
    }
  }
}

function member<T>(field: Field, empty: T): T {
  const found = field.type(empty) as T | null;
  if (found === null) throw damaged('its schema has a field without a type');
  return found;
}

function intType(int: Int, name: string): NumericType {
  const bits = int.bitWidth();
  if (bits !== 8 && bits !== 16 && bits !== 32 && bits !== 64) {
    throw damaged(`column ${JSON.stringify(name)} has integers of ${bits} bits`);
  }
  return int.isSigned() ? `int${bits}` : `uint${bits}`;
}

function floatType(float: FloatingPoint, name: string): NumericType {
  const type = (['float16', 'float32', 'float64'] as const)[float.precision()];
  if (type === undefined) throw damaged(`column ${JSON.stringify(name)} has floats of no known precision`);
  return type;
}

/** E204 for an Arrow file that contradicts itself. */
export function damaged(what: string): InputError {
  return new InputError('E204', `the Arrow file is damaged: ${what}`);
}
