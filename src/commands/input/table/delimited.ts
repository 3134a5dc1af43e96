import { damagedLine, LIMITS, numberedLines, refuseWidth, type Table } from './table.js';

interface Record {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Reads CSV or, where the header has tabs and no comma, TSV: RFC 4180, with a header, rows of its width, and empty lines
 * passed over. Throws `InputError` E204 that names the line for a quote without an end and for a row of another width.
 */
export function delimitedTable(text: string, path: string): Table {
  const head = text.slice(0, Math.max(text.indexOf('\n'), 0) || text.length);
  const delimiter = head.includes('\t') && !head.includes(',') ? '\t' : ',';
  const header =
    records(text, delimiter, path)
      .next()
      .value?.cells.map((name) => name.trim()) ?? [];
  const places = new Map<string, number>();
  const ambiguous = new Set<string>();
  for (const [i, name] of header.entries()) {
    if (places.has(name)) ambiguous.add(name);
    places.set(name, i);
  }
  return {
    columns: [...places.keys()].filter((name) => name !== ''),
    ambiguous,
    *rows() {
      let isHeader = true;
      for (const { line, cells } of records(text, delimiter, path)) {
        if (isHeader) {
          isHeader = false;
          continue;
        }
        if (cells.length !== header.length) {
          const what = `${cells.length} cell${cells.length === 1 ? '' : 's'}, and the header has ${header.length}`;
          throw damagedLine(line, what, path);
        }
        yield { line, cell: (column) => cells[places.get(column) ?? -1] };
      }
    },
  };
}

/** A record of which the last cell has a quote that is still open, and what stands in it so far, line by line. */
interface Open {
  readonly line: number;
  readonly cells: string[];
  readonly parts: string[];
  /** Characters of all its lines. */
  length: number;
}

/** Splits the lines into cells; a quoted cell may go on over several. */
function* records(text: string, delimiter: string, path: string): Generator<Record, undefined> {
  let open: Open | null = null;
  for (const each of numberedLines(text, path)) {
    if (open === null && each.text.trim() === '') continue;
    const { line }: { line: number } = open ?? each;
    if (open === null && !each.text.includes('"')) {
      const cells = each.text.split(delimiter);
      refuseWidth(cells.length, line, path);
      yield { line, cells };
      continue;
    }
    const record: Open = open ?? { line, cells: [], parts: [], length: 0 };
    record.length += each.text.length + 1;
    if (record.length > LIMITS.lineLength) throw damagedLine(line, 'a quote without an end', path);
    open = isOpenAfter(each.text, record, open !== null, delimiter, path) ? record : null;
    if (open !== null) continue;
    refuseWidth(record.cells.length, line, path);
    yield { line, cells: record.cells };
  }
  if (open !== null) throw damagedLine(open.line, 'a quote without an end', path);
}

/** Adds a line with quotes to a record, each character looked at once; tells whether a quote is still open at its end. */
function isOpenAfter(
  text: string,
  { line, cells, parts }: Open,
  isInside: boolean,
  delimiter: string,
  path: string,
): boolean {
  for (let at = 0, inside = isInside; ; inside = false) {
    if (!inside && text[at] !== '"') {
      const end = text.indexOf(delimiter, at);
      cells.push(text.slice(at, end === -1 ? undefined : end));
      if (end === -1) return false;
      at = end + 1;
      continue;
    }
    const start = inside ? at : at + 1;
    let close = text.indexOf('"', start);
    while (close !== -1 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
    parts.push(text.slice(start, close === -1 ? undefined : close));
    if (close === -1) return true;
    cells.push(parts.splice(0).join('\n').replaceAll('""', '"'));
    if (close + 1 >= text.length) return false;
    if (text[close + 1] !== delimiter) throw damagedLine(line, 'text after the end of a quoted cell', path);
    at = close + 2;
  }
}
