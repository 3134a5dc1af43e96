import { Block } from 'apache-arrow/fb/block';
import { BodyCompression } from 'apache-arrow/fb/body-compression';
import { Buffer as BufferRegion } from 'apache-arrow/fb/buffer';
import { Field } from 'apache-arrow/fb/field';
import { FieldNode } from 'apache-arrow/fb/field-node';
import { FloatingPoint } from 'apache-arrow/fb/floating-point';
import { Footer } from 'apache-arrow/fb/footer';
import { Message } from 'apache-arrow/fb/message';
import { MessageHeader } from 'apache-arrow/fb/message-header';
import { RecordBatch } from 'apache-arrow/fb/record-batch';
import { Schema } from 'apache-arrow/fb/schema';
import { Type } from 'apache-arrow/fb/type';
import { Builder } from 'flatbuffers';

/** Messages written by hand, for what no writer would write. One float32 leaf below any type without parameters. */
export interface HandField {
  readonly name: string;
  readonly type: Type;
  readonly children?: readonly HandField[];
}

export const float32 = (name: string): HandField => ({ name, type: Type.FloatingPoint });

function field(b: Builder, { name, type, children = [] }: HandField): number {
  const offsets = Field.createChildrenVector(
    b,
    children.map((child) => field(b, child)),
  );
  const label = b.createString(name);
  if (type === Type.FloatingPoint) FloatingPoint.startFloatingPoint(b);
  else b.startObject(0);
  if (type === Type.FloatingPoint) FloatingPoint.addPrecision(b, 1);
  const parameters = b.endObject();
  Field.startField(b);
  Field.addName(b, label);
  Field.addTypeType(b, type);
  Field.addType(b, parameters);
  Field.addChildren(b, offsets);
  return Field.endField(b);
}

function schema(b: Builder, fields: readonly HandField[], bigEndian: boolean): number {
  const offsets = Schema.createFieldsVector(
    b,
    fields.map((one) => field(b, one)),
  );
  Schema.startSchema(b);
  Schema.addEndianness(b, bigEndian ? 1 : 0);
  Schema.addFields(b, offsets);
  return Schema.endSchema(b);
}

/** `bodyLength` is what the message claims; `body` is what follows it. */
export function message(
  b: Builder,
  kind: MessageHeader,
  header: number,
  body: Uint8Array,
  bodyLength = body.length,
): Uint8Array {
  Message.finishMessageBuffer(b, Message.createMessage(b, 4, kind, header, BigInt(bodyLength), 0));
  const metadata = b.asUint8Array();
  const padded = Math.ceil(metadata.length / 8) * 8;
  const out = new Uint8Array(8 + padded + body.length);
  new DataView(out.buffer).setInt32(0, -1, true);
  new DataView(out.buffer).setInt32(4, padded, true);
  out.set(metadata, 8);
  out.set(body, 8 + padded);
  return out;
}

export function schemaMessage(fields: readonly HandField[], bigEndian = false): Uint8Array {
  const b = new Builder();
  return message(b, MessageHeader.Schema, schema(b, fields, bigEndian), new Uint8Array(0));
}

export function batchMessage(
  rows: number,
  nodes: readonly (readonly [length: number, nulls: number])[],
  buffers: readonly (readonly [offset: number, length: number])[],
  body: Uint8Array,
  bodyLength = body.length,
  codec: 'LZ4' | 'zstd' | null = null,
): Uint8Array {
  const b = new Builder();
  RecordBatch.startBuffersVector(b, buffers.length);
  for (const [offset, length] of buffers.toReversed())
    BufferRegion.createBuffer(b, BigInt(offset), BigInt(length));
  const bufferVector = b.endVector();
  RecordBatch.startNodesVector(b, nodes.length);
  for (const [length, nulls] of nodes.toReversed())
    FieldNode.createFieldNode(b, BigInt(length), BigInt(nulls));
  const nodeVector = b.endVector();
  const compression =
    codec === null ? 0 : BodyCompression.createBodyCompression(b, codec === 'LZ4' ? 0 : 1, 0);
  RecordBatch.startRecordBatch(b);
  RecordBatch.addLength(b, BigInt(rows));
  RecordBatch.addNodes(b, nodeVector);
  RecordBatch.addBuffers(b, bufferVector);
  if (codec !== null) RecordBatch.addCompression(b, compression);
  return message(b, MessageHeader.RecordBatch, RecordBatch.endRecordBatch(b), body, bodyLength);
}

export function tensorMessage(): Uint8Array {
  const b = new Builder();
  b.startObject(0);
  return message(b, MessageHeader.Tensor, b.endObject(), new Uint8Array(64));
}

export const END = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

export function concat(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** A file whose footer lists `blocks` as [offset, metadata length, body length], whatever lies there. */
export function fileAround(
  fields: readonly HandField[],
  messages: readonly Uint8Array[],
  blocks: readonly (readonly [offset: number, metadata: number, body: number])[],
): Uint8Array {
  const b = new Builder();
  Footer.startRecordBatchesVector(b, blocks.length);
  for (const [offset, metadata, body] of blocks.toReversed()) {
    Block.createBlock(b, BigInt(offset), metadata, BigInt(body));
  }
  const batches = b.endVector();
  const root = schema(b, fields, false);
  Footer.startFooter(b);
  Footer.addSchema(b, root);
  Footer.addRecordBatches(b, batches);
  Footer.finishFooterBuffer(b, Footer.endFooter(b));
  const footer = b.asUint8Array();
  const length = new Uint8Array(4);
  new DataView(length.buffer).setInt32(0, footer.length, true);
  const magic = Buffer.from('ARROW1');
  return concat(magic, new Uint8Array(2), ...messages, footer, length, magic);
}
