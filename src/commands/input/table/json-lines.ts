import { damagedLine, LIMITS, numberedLines, refuseWidth, type Table, type TableRow } from './table.js';

/** What stands before the object in a line of a log: a time, a level, a logger's name. */
const OBJECT_AT_END = /(?:^|[\s:\]|-])(\{\s*"[\s\S]*\}|\{\s*\})\s*$/;

/**
 * Reads objects, one a line: JSONL, where every line is one, or the lines of a log that end in one, as those of fairseq
 * do; the others are left. Throws `InputError` E204 that names the line for one that looks like an object and is none.
 *
 * @param isLog Lines that hold no object are the log's own.
 */
export function jsonLinesTable(text: string, path: string, isLog: boolean): Table {
  const columns = new Set<string>();
  for (const { line, object } of objects(text, path, isLog)) {
    for (const name of Object.keys(object)) columns.add(name);
    refuseWidth(columns.size, line, path);
  }
  return {
    columns: [...columns],
    ambiguous: new Set(),
    *rows() {
      for (const { line, object } of objects(text, path, isLog)) {
        yield { line, cell: (column) => cellOf(object, column) };
      }
    },
  };
}

function cellOf(object: Readonly<Record<string, unknown>>, column: string): ReturnType<TableRow['cell']> {
  const value = Object.hasOwn(object, column) ? object[column] : undefined;
  // What is inside of lists and objects is no scalar.
  return typeof value === 'object' && value !== null ? '{…}' : (value as ReturnType<TableRow['cell']>);
}

function* objects(
  text: string,
  path: string,
  isLog: boolean,
): Generator<{ line: number; object: Record<string, unknown> }> {
  for (const { line, text: written } of numberedLines(text, path)) {
    const json = isLog ? OBJECT_AT_END.exec(written)?.[1] : written.trim();
    if (json === undefined || json === '') continue;
    const object = parsed(json);
    if (object === null) throw damagedLine(line, 'not a JSON object', path);
    yield { line, object };
  }
}

/** NaN and Infinity, which Python's json writes, are strings of these names. */
function parsed(json: string): Record<string, unknown> | null {
  for (const text of [json, json.replace(/([:,[]\s*)(NaN|-?Infinity)(?=\s*[,}\]])/g, '$1"$2"')]) {
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        return value as Record<string, unknown>;
      }
      return null;
    } catch {
      // The second text is tried, or it is none.
    }
  }
  return null;
}

/** Tests whether the first line that is not empty is an object; its `type` where it has one. */
export function firstObject(text: string): { readonly type: unknown } | null {
  const start = text.search(/\S/);
  if (start === -1 || text[start] !== '{') return null;
  const end = text.indexOf('\n', start);
  const line = text.slice(start, end === -1 ? undefined : end);
  if (line.length > LIMITS.lineLength) return { type: undefined };
  return { type: parsed(line)?.type };
}
