import { InputError } from '#errors.js';
import type { ByteSource } from '#io/byte-source.js';
import { Budget } from '../shared/budget.js';
import { Cursor } from '../shared/cursor.js';
import { type ArrowColumn, addPlaces, arrowColumns, fieldSize } from './columns.js';
import { damaged, damagedHeader } from './damaged.js';
import { FlatTable } from './flatbuffer.js';
import { isArrowFile } from './magic.js';
import { type ArrowBatch, MAX_METADATA_BYTES, readArrowMessage } from './message.js';
import { type ArrowSchema, readArrowSchema } from './schema.js';

export interface ArrowLayout {
  readonly schema: ArrowSchema;
  readonly columns: readonly ArrowColumn[];
  readonly batches: readonly ArrowBatch[];
  readonly rows: number;
  readonly warnings: readonly string[];
}

const MAGIC = 'ARROW1';
/** Slots of File.fbs. */
const FOOTER = { version: 0, schema: 1, recordBatches: 3 } as const;
/** Bytes of a Block: where a batch lies, how long its header is, and its body. */
const BLOCK_BYTES = 24;

/**
 * Walks an Arrow file's footer or a stream's messages, reading headers only, and checks every offset and length
 * against the file's size. Throws E203 for a cut file, E204 for a damaged one.
 */
export function preflightArrow(source: ByteSource, maxMemory: number | undefined): ArrowLayout {
  const budget = new Budget(damagedHeader, maxMemory);
  const layout = isArrowFile(source.slice(0, Math.min(8, source.byteLength)))
    ? readFile(source, budget)
    : readStream(source, budget);
  const columns = arrowColumns(layout.schema.fields);
  for (const batch of layout.batches) checkBatch(batch, columns);
  return { ...layout, columns };
}

function readFile(source: ByteSource, budget: Budget): Omit<ArrowLayout, 'columns'> {
  const size = source.byteLength;
  const tail = source.slice(Math.max(0, size - 10), size);
  if (size < 22 || String.fromCharCode(...tail.subarray(4)) !== MAGIC) {
    throw new InputError('E203', `the file is cut: it ends at byte ${size} without the closing ${MAGIC}`, {
      hint: 'its writer has not finished or the copy is cut; write it again',
    });
  }
  const footerLength = new DataView(tail.buffer, tail.byteOffset).getInt32(0, true);
  const footerStart = size - 10 - footerLength;
  if (footerLength <= 0 || footerStart < 8)
    throw damaged(`its footer claims ${footerLength} of ${size} bytes`);
  if (footerLength > MAX_METADATA_BYTES) {
    throw damaged(`its footer claims ${footerLength} bytes; ${MAX_METADATA_BYTES} is the most`);
  }
  const footer = FlatTable.root(new Cursor(source.slice(footerStart, size - 10), budget));
  const schema = readArrowSchema(footer.table(FOOTER.schema), footer.int16(FOOTER.version), budget);
  const blocks = footer.structs(FOOTER.recordBatches, BLOCK_BYTES, 'batches', (block) => ({
    start: Number(block.int64()),
    bodyLength: block.seek(block.at + 8).int64(),
  }));

  const from = { source, budget, limit: footerStart };
  const batches: ArrowBatch[] = [];
  const spans: [start: number, end: number][] = [];
  let rows = 0;
  for (const [i, { start, bodyLength }] of blocks.entries()) {
    if (!(start >= 8 && start < footerStart)) throw damaged(`batch ${i} begins at byte ${start} of ${size}`);
    const message = readArrowMessage(from, start, rows);
    if (message.kind !== 'batch') throw damaged(`batch ${i} is a ${message.kind}`);
    if (BigInt(message.bodyLength) !== bodyLength) {
      throw damaged(`batch ${i} has a body of ${message.bodyLength} bytes; the footer says ${bodyLength}`);
    }
    batches.push(message.batch);
    spans.push([start, message.next]);
    rows += message.batch.rows;
  }
  checkDisjoint(spans);
  return { schema, batches, rows, warnings: [] };
}

/** One batch listed many times would make a small file large. */
function checkDisjoint(spans: [start: number, end: number][]): void {
  let reached = 0;
  for (const [start, end] of spans.toSorted((a, b) => a[0] - b[0])) {
    if (start < reached) throw damaged(`two of its batches share byte ${start}`);
    reached = end;
  }
}

function readStream(source: ByteSource, budget: Budget): Omit<ArrowLayout, 'columns'> {
  const size = source.byteLength;
  const batches: ArrowBatch[] = [];
  let schema: ArrowSchema | null = null;
  let rows = 0;
  let ended = false;
  let at = 0;
  while (at < size && !ended) {
    const message = readArrowMessage({ source, budget, limit: size }, at, rows);
    at = message.next;
    if (message.kind === 'end') ended = true;
    else if (message.kind === 'schema') {
      if (schema !== null) throw damaged('it has a second schema: two streams in one file');
      schema = message.schema;
    } else if (schema === null) throw damaged('its first message is not a schema');
    else if (message.kind === 'batch') {
      batches.push(message.batch);
      rows += message.batch.rows;
    }
  }
  if (schema === null) throw damaged('it has no schema');
  if (at < size) {
    throw new InputError('E203', `the stream ends at byte ${at}; the file has ${size}`, {
      hint: 'two streams in one file cannot be read; write one table',
      fields: { expected: at, actual: size },
    });
  }
  const warnings = ended ? [] : ['the Arrow stream has no end marker; rows may be missing'];
  return { schema, batches, rows, warnings };
}

/** The schema fixes how many nodes and buffers a batch has, and how long its columns are. */
function checkBatch(batch: ArrowBatch, columns: readonly ArrowColumn[]): void {
  for (const { field, place } of columns) {
    const length = batch.nodes[place.nodes]?.length;
    if (length !== undefined && length !== batch.rows) {
      throw damaged(
        `column ${JSON.stringify(field.name)} has ${length} values in a batch of ${batch.rows} rows`,
      );
    }
  }
  const last = columns.at(-1);
  const end =
    last === undefined ? { nodes: 0, buffers: 0, views: 0 } : addPlaces(last.place, fieldSize(last.field));
  const variadic = batch.variadicCounts.reduce((sum, n) => sum + n, 0);
  for (const [what, expected, actual] of [
    ['columns', end.nodes, batch.nodes.length],
    ['view columns', end.views, batch.variadicCounts.length],
    ['buffers', end.buffers + variadic, batch.buffers.length],
  ] as const) {
    if (expected !== actual) throw damaged(`a batch has ${actual} ${what} where its schema has ${expected}`);
  }
}
