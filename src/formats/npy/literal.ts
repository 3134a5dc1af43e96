import { InputError } from '#errors.js';
import type { Cursor } from '../shared/cursor.js';

/** What a Python literal in an npy header can be. Integers are bigint: they may be any length. */
export type PythonLiteral =
  | string
  | bigint
  | boolean
  | null
  | { readonly tuple: readonly PythonLiteral[] }
  | { readonly list: readonly PythonLiteral[] }
  | { readonly dict: readonly (readonly [PythonLiteral, PythonLiteral])[] };

/** Turns bytes of the header into text. */
export type Decode = (bytes: Uint8Array) => string;

const MAX_DEPTH = 16;
/** What V8 takes for a value beside its text. */
const VALUE_BYTES = 48;
/** More bytes than any word takes, few enough for a message. */
const AHEAD = 20;
const QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const LONG = 0x4c;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** Space, tab, return, newline, form feed. */
const SPACE: readonly number[] = [0x20, 0x09, RETURN, NEWLINE, 0x0c];
const WORD = /^(?:True|False|None)/;

/** Parses one literal that fills all bytes of `cursor`. Throws E204 with the position of what does not belong. */
export function parsePythonLiteral(cursor: Cursor, decode: Decode): PythonLiteral {
  const parsed = readValue(cursor, decode);
  passSpace(cursor);
  if (cursor.left > 0) throw unexpected(cursor);
  return parsed;
}

function readValue(cursor: Cursor, decode: Decode): PythonLiteral {
  cursor.charge(VALUE_BYTES);
  passSpace(cursor);
  const byte = cursor.peek();
  if (byte === QUOTE || byte === DOUBLE_QUOTE) return readString(cursor, decode);
  if (byte === MINUS || isDigit(byte)) return readInteger(cursor);
  const word = WORD.exec(ahead(cursor))?.[0];
  if (word !== undefined) {
    cursor.skip(word.length);
    return word === 'None' ? null : word === 'True';
  }
  cursor.enter(MAX_DEPTH);
  const literal = readItems(cursor, decode);
  cursor.leave();
  return literal;
}

/** Reads a tuple, a list or a dictionary. */
function readItems(cursor: Cursor, decode: Decode): PythonLiteral {
  if (eat(cursor, '(')) {
    const { values, comma } = items(cursor, ')', () => readValue(cursor, decode));
    // Parentheses around one value make no tuple.
    return values.length === 1 && !comma ? (values[0] as PythonLiteral) : { tuple: values };
  }
  if (eat(cursor, '[')) return { list: items(cursor, ']', () => readValue(cursor, decode)).values };
  if (!eat(cursor, '{')) throw unexpected(cursor);
  const entry = (): readonly [PythonLiteral, PythonLiteral] => {
    const key = readValue(cursor, decode);
    if (!eat(cursor, ':')) throw unexpected(cursor);
    return [key, readValue(cursor, decode)];
  };
  return { dict: items(cursor, '}', entry).values };
}

/** Reads items up to `close`, with a comma between them and perhaps one at the end. */
function items<T>(cursor: Cursor, close: string, item: () => T): { values: T[]; comma: boolean } {
  const values: T[] = [];
  let comma = true;
  while (!eat(cursor, close)) {
    if (!comma) throw unexpected(cursor);
    values.push(item());
    comma = eat(cursor, ',');
  }
  return { values, comma };
}

/** Reads a string as it is written, escapes and all. */
function readString(cursor: Cursor, decode: Decode): string {
  const { at: start } = cursor;
  const quote = cursor.uint8();
  for (;;) {
    const byte = cursor.peek();
    if (byte === quote) break;
    const escaped = byte === BACKSLASH;
    if (escaped) cursor.skip(1);
    // A line ends no string, and neither does the header.
    if (cursor.left === 0 || cursor.peek() === NEWLINE || (escaped && cursor.peek() === RETURN)) {
      throw unexpected(cursor.seek(start));
    }
    cursor.skip(1);
  }
  const bytes = cursor.bytes.subarray(start + 1, cursor.at);
  cursor.charge(bytes.length);
  cursor.skip(1);
  return decode(bytes);
}

/** Reads an integer; Python 2 wrote long ones as `5L`. */
function readInteger(cursor: Cursor): bigint {
  const { at: start } = cursor;
  if (cursor.peek() === MINUS) cursor.skip(1);
  const digits = cursor.at;
  while (isDigit(cursor.peek())) cursor.skip(1);
  const text = asText(cursor.bytes.subarray(start, cursor.at));
  const none = cursor.at === digits;
  if (cursor.peek() === LONG) cursor.skip(1);
  if (none || /^[\w.]/.test(ahead(cursor))) throw unexpected(cursor.seek(start));
  cursor.charge(text.length);
  return BigInt(text);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Passes over a symbol and the space before it, if it is there. */
function eat(cursor: Cursor, symbol: string): boolean {
  passSpace(cursor);
  if (cursor.peek() !== symbol.charCodeAt(0)) return false;
  cursor.skip(1);
  return true;
}

function passSpace(cursor: Cursor): void {
  while (SPACE.includes(cursor.peek())) cursor.skip(1);
}

/** Returns the next few bytes, a character each. */
function ahead({ bytes, at }: Cursor): string {
  return asText(bytes.subarray(at, at + AHEAD));
}

function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function unexpected(cursor: Cursor): InputError {
  const seen = cursor.left > 0 ? JSON.stringify(ahead(cursor)) : 'its end';
  return new InputError(
    'E204',
    `the header is not a Python literal: unexpected ${seen} at character ${cursor.at}`,
  );
}
