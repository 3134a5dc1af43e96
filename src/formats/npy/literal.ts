import { InputError } from '#errors.js';

/** What a Python literal in an npy header can be. Integers are bigint: they may be any length. */
export type PythonLiteral =
  | string
  | bigint
  | boolean
  | null
  | { readonly tuple: readonly PythonLiteral[] }
  | { readonly list: readonly PythonLiteral[] }
  | { readonly dict: readonly (readonly [PythonLiteral, PythonLiteral])[] };

const MAX_DEPTH = 16;
const STRING = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"/y;
/** Python 2 wrote long integers as `5L`. */
const INTEGER = /(-?\d+)L?(?![\w.])/y;
const WORD = /True|False|None/y;
const SPACE = /[ \t\r\n\f]*/y;

/** Parses one literal that fills all of `text`. Throws E204 with the position of what does not belong. */
export function parsePythonLiteral(text: string): PythonLiteral {
  let at = 0;

  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  const fail = (): never => {
    const seen = at < text.length ? JSON.stringify(text.slice(at, at + 20)) : 'its end';
    throw new InputError('E204', `the header is no Python literal: unexpected ${seen} at character ${at}`);
  };
  const eat = (symbol: string): boolean => {
    match(SPACE);
    if (text[at] !== symbol) return false;
    at++;
    return true;
  };

  /** Items up to `close`, with a comma between them and perhaps one at the end. */
  const items = <T>(close: string, item: () => T): { values: T[]; comma: boolean } => {
    const values: T[] = [];
    let comma = true;
    while (!eat(close)) {
      if (!comma) fail();
      values.push(item());
      comma = eat(',');
    }
    return { values, comma };
  };

  const value = (depth: number): PythonLiteral => {
    if (depth > MAX_DEPTH) fail();
    match(SPACE);
    const string = match(STRING);
    if (string !== null) return string[1] ?? string[2] ?? '';
    const integer = match(INTEGER);
    if (integer?.[1] !== undefined) return BigInt(integer[1]);
    const word = match(WORD);
    if (word !== null) return word[0] === 'None' ? null : word[0] === 'True';
    if (eat('(')) {
      const { values, comma } = items(')', () => value(depth + 1));
      // Parentheses around one value make no tuple.
      return values.length === 1 && !comma ? (values[0] as PythonLiteral) : { tuple: values };
    }
    if (eat('[')) return { list: items(']', () => value(depth + 1)).values };
    if (eat('{')) {
      const entry = (): readonly [PythonLiteral, PythonLiteral] => {
        const key = value(depth + 1);
        if (!eat(':')) fail();
        return [key, value(depth + 1)];
      };
      return { dict: items('}', entry).values };
    }
    return fail();
  };

  const parsed = value(0);
  match(SPACE);
  if (at < text.length) fail();
  return parsed;
}
