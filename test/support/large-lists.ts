import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Field, Float64, List, makeData, RecordBatch, Schema, Struct, Table, tableToIPC } from 'apache-arrow';

const ROLES = ['prediction', 'target'] as const;
/** What writers put into a page. */
const PAGE_VALUES = 2 ** 17;

/** How many rows a page of Parquet has; without it pages end inside rows. */
type RowsPerPage = Readonly<Record<(typeof ROLES)[number], number>>;

/** Writes one step of lists of uniform float64 values, [rows, cols] of each role; those of Parquet in pages of zstd. */
export function writeLargeLists(
  path: string,
  format: 'arrow' | 'parquet',
  rows: number,
  cols: number,
  rowsPerPage?: RowsPerPage,
): void {
  mkdirSync(path);
  const bytes = format === 'arrow' ? arrowLists(rows, cols) : parquetLists(rows, cols, rowsPerPage);
  writeFileSync(join(path, `step_1.${format}`), bytes);
}

function uniform(count: number): Float64Array {
  let state = 1;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

function arrowLists(rows: number, cols: number): Uint8Array {
  const type = new List(new Field('item', new Float64(), false));
  const schema = new Schema(ROLES.map((role) => new Field(role, type, false)));
  const child = makeData({ type: new Float64(), data: uniform(rows * cols) });
  const valueOffsets = Int32Array.from({ length: rows + 1 }, (_, i) => i * cols);
  const children = ROLES.map(() => makeData({ type, length: rows, valueOffsets, child }));
  const data = makeData({ type: new Struct(schema.fields), length: rows, children });
  return tableToIPC(new Table([new RecordBatch(schema, data)]), 'file');
}

type Value = number | string | Uint8Array;
/** Types of Thrift's compact protocol. */
const [I32, I64, BINARY, LIST, STRUCT] = [5, 6, 8, 9, 12] as const;
const [DOUBLE, REQUIRED, REPEATED, ZSTD, RLE] = [5, 0, 2, 6, 3] as const;

function parquetLists(rows: number, cols: number, rowsPerPage?: RowsPerPage): Uint8Array {
  const parts: Uint8Array[] = [Buffer.from('PAR1')];
  let at = 4;
  const chunks = ROLES.map((role) => {
    const start = at;
    const height = rowsPerPage?.[role] ?? 1;
    const width = rowsPerPage === undefined ? PAGE_VALUES : cols;
    for (let row = 0; row < rows; row += height) {
      for (let from = 0; from < cols; from += width) {
        const page = pageOf(Math.min(width, cols - from), from === 0, Math.min(height, rows - row));
        parts.push(page);
        at += page.length;
      }
    }
    const facts: [number, number, Value][] = [
      [1, I32, DOUBLE],
      [4, I32, ZSTD],
      [5, I64, rows * cols],
      [7, I64, at - start],
      [9, I64, start],
    ];
    return struct([
      [2, I64, start],
      [3, STRUCT, struct(facts)],
    ]);
  });
  const leaves = ROLES.map((name) =>
    struct([
      [1, I32, DOUBLE],
      [3, I32, REPEATED],
      [4, BINARY, name],
    ]),
  );
  const root = struct([
    [3, I32, REQUIRED],
    [4, BINARY, 'schema'],
    [5, I32, leaves.length],
  ]);
  const group = struct([
    [1, LIST, list(chunks)],
    [3, I64, rows],
  ]);
  const footer = struct([
    [1, I32, 1],
    [2, LIST, list([root, ...leaves])],
    [3, I64, rows],
    [4, LIST, list([group])],
  ]);
  const length = new Uint8Array(Uint32Array.of(footer.length).buffer);
  return Buffer.concat([...parts, footer, length, Buffer.from('PAR1')]);
}

const pages = new Map<string, Uint8Array>();

/** A page of `height` rows, or of a part of one: `width` values of each. */
function pageOf(width: number, beginsRow: boolean, height: number): Uint8Array {
  const key = `${width} ${beginsRow} ${height}`;
  const known = pages.get(key);
  if (known !== undefined) return known;
  const count = width * height;
  const further = beginsRow ? width - 1 : width;
  const ofRow = [...(beginsRow ? [2, 0] : []), ...varint(2 * further), 1];
  const repetition = Buffer.concat(Array.from({ length: height }, () => Uint8Array.from(ofRow)));
  const definition = Uint8Array.from([...varint(2 * count), 1]);
  const levels = [repetition, definition].flatMap((level) => [
    new Uint8Array(Uint32Array.of(level.length).buffer),
    level,
  ]);
  const plain = Buffer.concat([...levels, new Uint8Array(uniform(count).buffer)]);
  const packed = zstdFrame(plain);
  const data = struct([
    [1, I32, count],
    [2, I32, 0],
    [3, I32, RLE],
    [4, I32, RLE],
  ]);
  const header = struct([
    [1, I32, 0],
    [2, I32, plain.length],
    [3, I32, packed.length],
    [5, STRUCT, data],
  ]);
  const page = Buffer.concat([header, packed]);
  pages.set(key, page);
  return page;
}

/** Of blocks that are stored as they are: this Node need not have zstd. */
function zstdFrame(plain: Uint8Array): Uint8Array {
  const size = new Uint8Array(Uint32Array.of(plain.length).buffer);
  const parts: Uint8Array[] = [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xa0), size];
  for (let at = 0; at < plain.length; at += 2 ** 17) {
    const block = plain.subarray(at, at + 2 ** 17);
    const head = block.length * 8 + (at + block.length === plain.length ? 1 : 0);
    parts.push(Uint8Array.of(head, head >> 8, head >> 16), block);
  }
  return Buffer.concat(parts);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [128 | (value % 128), ...varint(Math.floor(value / 128))];
}

function list(items: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([Uint8Array.of((items.length << 4) | STRUCT), ...items]);
}

function struct(fields: readonly (readonly [id: number, type: number, value: Value])[]): Uint8Array {
  let last = 0;
  const parts = fields.flatMap(([id, type, value]) => {
    const head = Uint8Array.of(((id - last) << 4) | type);
    last = id;
    if (typeof value === 'number') return [head, Uint8Array.from(varint(2 * value))];
    if (typeof value === 'string') return [head, Uint8Array.from(varint(value.length)), Buffer.from(value)];
    return [head, value];
  });
  return Buffer.concat([...parts, Uint8Array.of(0)]);
}
