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

/** Splits the lines into cells; a quoted cell may go on over several. */
function* records(text: string, delimiter: string, path: string): Generator<Record, undefined> {
  let open: { line: number; text: string } | null = null;
  for (const each of numberedLines(text, path)) {
    const whole: { line: number; text: string } =
      open === null ? each : { line: open.line, text: `${open.text}\n${each.text}` };
    if (whole.text.length > LIMITS.lineLength) throw damagedLine(whole.line, 'a quote without an end', path);
    if (open === null && each.text.trim() === '') continue;
    const cells = whole.text.includes('"')
      ? quotedCells(whole, delimiter, path)
      : whole.text.split(delimiter);
    open = cells === null ? whole : null;
    if (cells === null) continue;
    refuseWidth(cells.length, whole.line, path);
    yield { line: whole.line, cells };
  }
  if (open !== null) throw damagedLine(open.line, 'a quote without an end', path);
}

/** Splits a line in which there are quotes; null where one is still open at its end. */
function quotedCells(
  { line, text }: { readonly line: number; readonly text: string },
  delimiter: string,
  path: string,
): string[] | null {
  const cells: string[] = [];
  for (let at = 0; ; ) {
    if (text[at] !== '"') {
      const end = text.indexOf(delimiter, at);
      cells.push(text.slice(at, end === -1 ? undefined : end));
      if (end === -1) return cells;
      at = end + 1;
      continue;
    }
    let close = at;
    do {
      close = text.indexOf('"', close + 1);
      if (close === -1) return null;
      if (text[close + 1] === '"') close += 1;
      else break;
    } while (close < text.length);
    cells.push(text.slice(at + 1, close).replaceAll('""', '"'));
    if (close + 1 >= text.length) return cells;
    if (text[close + 1] !== delimiter) throw damagedLine(line, 'text after the end of a quoted cell', path);
    at = close + 2;
  }
}
