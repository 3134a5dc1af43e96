import { shortened } from '#errors.js';
import { displayWidth } from './display-width.js';

/**
 * Folds words into lines of at most `width` columns, the first after `lead`, the others indented; a longer word is cut.
 * What stands between backticks, to be pasted, stays in one line where it fits. Colour codes count nothing and are never
 * cut in two.
 */
export function fold(text: string, width: number, indent: string, lead = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of wordsOf(text, width - indent.length).flatMap((long) =>
    pieces(long, width - indent.length),
  )) {
    const start = lines.length === 0 ? lead : indent;
    const joined = line === '' ? start + word : `${line} ${word}`;
    if (displayWidth(joined) <= width || line === '') line = joined;
    else if (word !== '') {
      lines.push(line.trimEnd());
      line = indent + word;
    }
  }
  return [...lines, line].join('\n');
}

/** Splits at spaces, but for those between backticks that fit together, and not between `(exit` and its code. */
function wordsOf(text: string, size: number): string[] {
  const words = [''];
  for (const [i, part] of text.split('`').entries()) {
    if (i > 0) words[words.length - 1] += '`';
    const [first = '', ...more] =
      i % 2 === 1 && displayWidth(part) + 2 < size ? [part] : part.split(/(?<!\(exit) /);
    words[words.length - 1] += first;
    for (const word of more) words.push(word);
  }
  return words;
}

const ESCAPE = '\u001b';
const COLOR_CODE = new RegExp(`(${ESCAPE}\\[[\\d;]*m)`);

function pieces(word: string, size: number): string[] {
  if (displayWidth(word) <= size) return [word];
  const out: string[] = [];
  let piece = '';
  let room = size;
  for (const unit of unitsOf(shortened(word))) {
    const width = displayWidth(unit);
    if (width > room) {
      out.push(piece);
      piece = '';
      room = size;
    }
    piece += unit;
    room -= width;
  }
  return [...out, piece];
}

/** Splits a word: colour codes whole, all else by what a reader sees as one character. */
function unitsOf(word: string): string[] {
  const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
  return word
    .split(COLOR_CODE)
    .flatMap((part) =>
      COLOR_CODE.test(part) ? [part] : [...graphemes.segment(part)].map(({ segment }) => segment),
    );
}
