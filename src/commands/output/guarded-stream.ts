import type { OutputStream } from '../input/context.js';

/** Acts wherever it stands in a line: the first form of GitHub's workflow commands. */
const ANYWHERE = /##(?=\[)/g;
/** Acts where a line begins with it, after any space: the second form. */
const AT_START = /^(\s*):(?=:)/;

/**
 * Makes a stream in which no line acts on a runner of GitHub Actions, whatever names and messages are in it: the sign that
 * would make it a workflow command is shown as an escape. `writeCommands` lets those through that are meant.
 */
export function guardedStream(stream: OutputStream): OutputStream {
  /** What was written of the last line, as far as it may still become a command. */
  let begun = '';
  const guarded = (text: string): string => {
    let out = '';
    for (const piece of text.split(/(?<=[\r\n])/)) {
      const safe = withoutCommand(begun, piece);
      out += safe;
      begun = /[\r\n]$/.test(piece) ? '' : (begun + safe).slice(-MOST_BEGUN);
    }
    return out;
  };
  return {
    get isTTY() {
      return stream.isTTY;
    },
    get columns() {
      return stream.columns;
    },
    write: (chunk) => stream.write(typeof chunk === 'string' ? guarded(chunk) : chunk),
    writeCommands: (chunk) => stream.write(chunk),
    on: (event, listener) => stream.on?.(event, listener),
  };
}

/** Longer than this, a line that has more than space in it has begun. */
const MOST_BEGUN = 64;

/** Escapes a piece of a line of which `begun` stands before it. */
function withoutCommand(begun: string, piece: string): string {
  const line = begun + piece;
  const safe = line.replace(ANYWHERE, '#\\x23').replace(AT_START, '$1\\x3a');
  if (safe.startsWith(begun)) return safe.slice(begun.length);
  const first = `\\x${piece.charCodeAt(0).toString(16)}`;
  return first + withoutCommand(begun + first, piece.slice(1));
}
