import { InputError } from '#errors.js';

/** Far beyond what a training job logs; files that others wrote are untrusted. */
export const LIMITS = { bytes: 2 ** 28, lines: 5e6, lineLength: 2 ** 20, columns: 20_000 } as const;

/** What a cell holds before anyone knows what it is for; undefined: nothing. */
export type Cell = string | number | boolean | null | undefined;

export interface TableRow {
  /** From 1 on: where the row begins in its file. */
  readonly line: number;
  cell(column: string): Cell;
}

/** Rows with named columns, however they are written. */
export interface Table {
  readonly columns: readonly string[];
  /** The columns that are there twice: nobody can say which of them is meant. */
  readonly ambiguous: ReadonlySet<string>;
  rows(): Iterable<TableRow>;
}

/** Makes the error of a line that cannot be read. */
export function damagedLine(line: number, what: string, path: string): InputError {
  return new InputError('E204', `line ${line}: ${what}`, { path, fields: { line } });
}

/** Gives the lines of a text with their numbers; E204 for more lines, or longer ones, than any log has. */
export function* numberedLines(text: string, path: string): Generator<{ line: number; text: string }> {
  let line = 0;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    line += 1;
    if (line > LIMITS.lines) throw damagedLine(line, `more than ${LIMITS.lines} lines are not read`, path);
    if (end - at > LIMITS.lineLength) {
      throw damagedLine(line, `it has more than ${LIMITS.lineLength} characters`, path);
    }
    yield { line, text: text.slice(at, text[end - 1] === '\r' && end > at ? end - 1 : end) };
    at = end + 1;
  }
}

export function refuseWidth(columns: number, line: number, path: string): void {
  if (columns > LIMITS.columns) throw damagedLine(line, `more than ${LIMITS.columns} columns`, path);
}
