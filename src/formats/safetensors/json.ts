import type { Cursor } from '../shared/cursor.js';

/** A tensor's description nests three deep; whatever else there is may nest a little more. */
const MAX_DEPTH = 32;
/** What V8 takes for an object or array, for a value in one, and for a key that is looked up. */
const CONTAINER_BYTES = 64;
const VALUE_BYTES = 16;
const KEY_BYTES = 64;

const UTF_8 = new TextDecoder();

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Walks JSON before it is parsed: counts what it would become against the budget, and its depth. Returns the first key
 * that an object has twice, which `JSON.parse` would pass over; null without one. What is no JSON is left to the parser.
 */
export function checkJson(cursor: Cursor): string | null {
  /** Keys of the objects that are open; null for arrays. */
  const open: (Set<string> | null)[] = [];
  let text: Uint8Array | null = null;
  let twice: string | null = null;
  while (cursor.left > 0) {
    switch (cursor.uint8()) {
      case QUOTE:
        text = passString(cursor);
        cursor.charge(VALUE_BYTES + text.length);
        break;
      case COLON: {
        const key = text === null ? '' : decode(text);
        const keys = open.at(-1);
        cursor.charge(KEY_BYTES);
        if (keys?.has(key)) twice ??= key;
        keys?.add(key);
        break;
      }
      case COMMA:
        cursor.charge(VALUE_BYTES);
        break;
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        cursor.enter(MAX_DEPTH);
        cursor.charge(CONTAINER_BYTES);
        open.push(cursor.bytes[cursor.at - 1] === OPEN_OBJECT ? new Set() : null);
        break;
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        if (open.pop() !== undefined) cursor.leave();
        break;
    }
  }
  return twice;
}

/** Passes over a string whose first quote has been read; returns what is between its quotes. */
function passString(cursor: Cursor): Uint8Array {
  const { bytes, at: start } = cursor;
  for (let at = start; ; at++) {
    at = bytes.indexOf(QUOTE, at);
    if (at < 0) return cursor.take(cursor.left);
    let escapes = at;
    while (escapes > start && bytes[escapes - 1] === BACKSLASH) escapes--;
    if ((at - escapes) % 2 === 1) continue;
    cursor.seek(at + 1);
    return bytes.subarray(start, at);
  }
}

/** Returns the text of a string; as it is written where that is no JSON. */
function decode(bytes: Uint8Array): string {
  const text = UTF_8.decode(bytes);
  if (!text.includes('\\')) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
