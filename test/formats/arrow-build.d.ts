import { Type } from 'apache-arrow/fb/type';
/** Messages written by hand, for what no writer would write. One float32 leaf below any type without parameters. */
export interface HandField {
  readonly name: string;
  readonly type: Type;
  readonly children?: readonly HandField[];
}
export declare const float32: (name: string) => HandField;
export declare function schemaMessage(fields: readonly HandField[], bigEndian?: boolean): Uint8Array;
export declare function batchMessage(
  rows: number,
  nodes: readonly (readonly [length: number, nulls: number])[],
  buffers: readonly (readonly [offset: number, length: number])[],
  body: Uint8Array,
  bodyLength?: number,
): Uint8Array;
export declare function tensorMessage(): Uint8Array;
export declare const END: Uint8Array<ArrayBuffer>;
export declare function concat(...parts: Uint8Array[]): Uint8Array;
/** A file whose footer lists `blocks` as [offset, metadata length, body length], whatever lies there. */
export declare function fileAround(
  fields: readonly HandField[],
  messages: readonly Uint8Array[],
  blocks: readonly (readonly [offset: number, metadata: number, body: number])[],
): Uint8Array;
