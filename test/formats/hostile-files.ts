import { Field } from 'apache-arrow/fb/field';
import { KeyValue } from 'apache-arrow/fb/key-value';
import { MessageHeader } from 'apache-arrow/fb/message-header';
import { Schema } from 'apache-arrow/fb/schema';
import { Type } from 'apache-arrow/fb/type';
import { Builder } from 'flatbuffers';
import { concat, END, float32, message, schemaMessage } from './arrow-build.js';

const PARQUET = Buffer.from('PAR1');
const LIST_OF_STRUCTS = 0xfc;
const LIST_OF_LISTS = 0x19;

/** A schema whose entries all point at one long string; `shared` says which entries. */
export function arrowWithSharedText(shared: 'names' | 'metadata' | 'field metadata'): Uint8Array {
  const b = new Builder();
  const long = b.createString('x'.repeat(700_000));
  const short = b.createString('k');
  const pair = KeyValue.createKeyValue(b, short, long);
  const pairs = (count: number): number => Field.createCustomMetadataVector(b, new Array(count).fill(pair));
  const field = (name: number, metadata: number | null): number => {
    b.startObject(0);
    const type = b.endObject();
    Field.startField(b);
    Field.addName(b, name);
    Field.addTypeType(b, Type.Bool);
    Field.addType(b, type);
    if (metadata !== null) Field.addCustomMetadata(b, metadata);
    return Field.endField(b);
  };
  const one = field(shared === 'names' ? long : short, shared === 'field metadata' ? pairs(3000) : null);
  const fields = Schema.createFieldsVector(b, new Array(shared === 'names' ? 6000 : 1).fill(one));
  const metadata = shared === 'metadata' ? pairs(6000) : null;
  Schema.startSchema(b);
  Schema.addFields(b, fields);
  if (metadata !== null) Schema.addCustomMetadata(b, metadata);
  return concat(message(b, MessageHeader.Schema, Schema.endSchema(b), new Uint8Array(0)), END);
}

/** A schema of that many columns of numbers, and no rows. */
export function arrowOfColumns(count: number): Uint8Array {
  return concat(schemaMessage(Array.from({ length: count }, (_, i) => float32(`c${i}`))), END);
}

/** A schema of that many columns of numbers, and no row groups. */
export function parquetOfColumns(count: number): Uint8Array {
  // Field 2 is a list of structs: the root says how many follow it; each has a type (4: FLOAT), a repetition and a name.
  const root = [...field(0x48, text('schema')), 0x15, ...varint(2 * count), 0];
  const columns = Array.from({ length: count }, (_, i) => [
    0x15,
    8,
    0x25,
    0,
    ...field(0x18, text(`column_${i}`)),
    0,
  ]);
  const list = [0x29, LIST_OF_STRUCTS, ...varint(count + 1)];
  return parquet(Uint8Array.from([...list, ...root, ...columns.flat(), 0x16, 0, 0x19, 0x0c, 0]));
}

const text = (name: string): number[] => [...varint(name.length), ...Buffer.from(name)];
const field = (head: number, value: readonly number[]): number[] => [head, ...value];

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) + (rest > 127 ? 128 : 0));
    if (rest <= 127) return bytes;
  }
}

/** A footer with lists inside lists in a field that nobody reads, one byte a level. */
export function parquetOfNestedLists(levels: number): Uint8Array {
  return parquet(new Uint8Array(levels + 1).fill(LIST_OF_LISTS));
}

/** A footer whose schema is a list of empty structs, one byte each. */
export function parquetOfEmptyStructs(count: number): Uint8Array {
  return parquet(concat(Uint8Array.of(0x29, LIST_OF_STRUCTS, ...varint(count)), new Uint8Array(count + 1)));
}

function parquet(footer: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, footer.length, true);
  return concat(PARQUET, footer, length, PARQUET);
}

/** A file with one tensor, and `extra` before it in the header. */
export function safetensorsWith(extra: string): Uint8Array {
  const header = Buffer.from(`{${extra},"x":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}`);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
  return concat(length, header, new Uint8Array(16));
}
