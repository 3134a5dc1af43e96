import { InputError } from '#errors.js';
import type { Budget } from '../shared/budget.js';
import type { NumericType } from '../shared/numeric.js';
import { damaged } from './damaged.js';
import type { FlatTable } from './flatbuffer.js';

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
/** What a field takes beside its name and metadata, with the candidate that it may become. */
const FIELD_BYTES = 1024;

/** Slots of Schema.fbs. */
const SCHEMA = { endianness: 0, fields: 1, customMetadata: 2 } as const;
const FIELD = { name: 0, typeType: 2, type: 3, dictionary: 4, children: 5, customMetadata: 6 } as const;
const KEY_VALUE = { key: 0, value: 1 } as const;
const INT = { bitWidth: 0, isSigned: 1 } as const;
const FLOATING_POINT = { precision: 0 } as const;
const FIXED_SIZE_LIST = { listSize: 0 } as const;
const UNION = { mode: 0 } as const;

/** Types by their number in Schema.fbs. */
const Type = {
  Null: 1,
  Int: 2,
  FloatingPoint: 3,
  Binary: 4,
  Utf8: 5,
  Bool: 6,
  Decimal: 7,
  Date: 8,
  Time: 9,
  Timestamp: 10,
  Interval: 11,
  List: 12,
  Struct: 13,
  Union: 14,
  FixedSizeBinary: 15,
  FixedSizeList: 16,
  Map: 17,
  Duration: 18,
  LargeBinary: 19,
  LargeUtf8: 20,
  LargeList: 21,
  RunEndEncoded: 22,
  BinaryView: 23,
  Utf8View: 24,
  ListView: 25,
  LargeListView: 26,
} as const;

/** [name, buffers] of the types whose values are not read here, but whose place in a batch must be known. */
const OTHER: Readonly<Record<number, readonly [name: string, buffers: number]>> = {
  [Type.Null]: ['null', 0],
  [Type.Binary]: ['binary', 3],
  [Type.Utf8]: ['string', 3],
  [Type.Decimal]: ['decimal', 2],
  [Type.Date]: ['date', 2],
  [Type.Time]: ['time', 2],
  [Type.Timestamp]: ['timestamp', 2],
  [Type.Interval]: ['interval', 2],
  [Type.Struct]: ['struct', 1],
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
const CHILDREN: Readonly<Record<number, number>> = {
  [Type.List]: 1,
  [Type.LargeList]: 1,
  [Type.FixedSizeList]: 1,
  [Type.Map]: 1,
  [Type.ListView]: 1,
  [Type.LargeListView]: 1,
  [Type.RunEndEncoded]: 2,
};

/**
 * Reads a schema. Throws E206 for big-endian data and unknown types, E204 for a schema that contradicts itself or has
 * two columns of one name.
 */
export function readArrowSchema(schema: FlatTable | null, version: number, budget: Budget): ArrowSchema {
  if (schema === null) throw damaged('it has no schema');
  if (schema.int16(SCHEMA.endianness) !== 0) {
    throw new InputError('E206', 'the Arrow data are big-endian', {
      hint: 'write them on a little-endian machine',
    });
  }
  const reader = new FieldReader(version, budget);
  const fields = reader.fields(schema, SCHEMA.fields, 0);
  const names = new Set<string>();
  for (const { name } of fields) {
    if (names.has(name)) throw new InputError('E204', `two columns are named ${JSON.stringify(name)}`);
    names.add(name);
  }
  return { fields, metadata: readMetadata(schema, SCHEMA.customMetadata) };
}

function readMetadata(of: FlatTable, slot: number): Record<string, string> {
  const entries = of.tables(slot, 'entries of metadata', (pair): [string, string] => [
    pair.text(KEY_VALUE.key),
    pair.text(KEY_VALUE.value),
  ]);
  return Object.fromEntries(entries);
}

class FieldReader {
  constructor(
    private readonly version: number,
    private readonly budget: Budget,
  ) {}

  fields(parent: FlatTable, slot: number, depth: number): ArrowField[] {
    if (depth > MAX_DEPTH) throw damaged(`its schema is more than ${MAX_DEPTH} levels deep`);
    return parent.tables(slot, 'columns', (field) => this.field(field, depth));
  }

  private field(field: FlatTable, depth: number): ArrowField {
    this.budget.charge(FIELD_BYTES);
    const name = field.text(FIELD.name);
    const metadata = readMetadata(field, FIELD.customMetadata);
    if (field.table(FIELD.dictionary) !== null) {
      return {
        name,
        type: { kind: 'other', name: 'dictionary', variadic: false },
        buffers: 2,
        children: [],
        metadata,
      };
    }
    const children = this.fields(field, FIELD.children, depth + 1);
    const expected = CHILDREN[field.uint8(FIELD.typeType)];
    if (expected !== undefined && children.length !== expected) {
      throw damaged(
        `column ${JSON.stringify(name)} has ${children.length} children where its type has ${expected}`,
      );
    }
    return { name, ...this.type(field, name), children, metadata };
  }

  private type(field: FlatTable, name: string): Pick<ArrowField, 'type' | 'buffers'> {
    const type = field.uint8(FIELD.typeType);
    switch (type) {
      case Type.Int:
        return { type: { kind: 'number', numeric: intType(details(field), name) }, buffers: 2 };
      case Type.FloatingPoint:
        return { type: { kind: 'number', numeric: floatType(details(field), name) }, buffers: 2 };
      case Type.Bool:
        return { type: { kind: 'number', numeric: 'bool' }, buffers: 2 };
      case Type.List:
        return { type: { kind: 'list', offsets: 'int32' }, buffers: 2 };
      case Type.LargeList:
        return { type: { kind: 'list', offsets: 'int64' }, buffers: 2 };
      case Type.FixedSizeList: {
        const size = details(field).int32(FIXED_SIZE_LIST.listSize);
        if (size < 0) throw damaged(`column ${JSON.stringify(name)} is a list of ${size} values`);
        return { type: { kind: 'fixed-size list', size }, buffers: 1 };
      }
      case Type.Union: {
        const dense = details(field).int16(UNION.mode) === 1;
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
}

/** Returns the table that says more about a field's type. */
function details(field: FlatTable): FlatTable {
  const found = field.table(FIELD.type);
  if (found === null) throw damaged('its schema has a field without a type');
  return found;
}

function intType(int: FlatTable, name: string): NumericType {
  const bits = int.int32(INT.bitWidth);
  if (bits !== 8 && bits !== 16 && bits !== 32 && bits !== 64) {
    throw damaged(`column ${JSON.stringify(name)} has integers of ${bits} bits`);
  }
  return int.bool(INT.isSigned) ? `int${bits}` : `uint${bits}`;
}

function floatType(float: FlatTable, name: string): NumericType {
  const type = (['float16', 'float32', 'float64'] as const)[float.int16(FLOATING_POINT.precision)];
  if (type === undefined) throw damaged(`column ${JSON.stringify(name)} has floats of no known precision`);
  return type;
}
